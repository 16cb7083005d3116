"""The access log calls every page by a name: no code of ours stands there."""

import ast
import subprocess
from collections.abc import Iterator

import pytest
from django.conf import settings

from cases.course_pages import CoursePage
from cases.tables.access_log import PAGES, page_in_words

#: The functions that write an access record, and the place of the page's code among their arguments.
RECORDERS = {
    "record_shown": 1,
    "record_refused": 1,
    "get_course_or_404": 2,
    "get_of_course_or_404": 3,
    "get_referral_or_404": 2,
    "project_or_404": 2,
    "statement_or_404": 2,
}


def recorded_codes() -> Iterator[str]:
    """Yield the code of every page that the source records, as far as it is written out."""
    files = subprocess.run(
        ["git", "ls-files", "*.py", ":!tests", ":!bench"],
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
        text=True,
    )
    for path in files.stdout.split():
        source = (settings.BASE_DIR / path).read_text("utf-8")
        if not any(f"{recorder}(" in source for recorder in RECORDERS):
            continue  # parsing takes long, and each test process collects this module
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RECORDERS:
                place = RECORDERS[node.func.id]
                argument = node.args[place] if len(node.args) > place else None
                if isinstance(argument, ast.JoinedStr):
                    argument = argument.values[0]
                if isinstance(argument, ast.Constant):
                    yield str(argument.value).rstrip(".")


CODES = sorted({*recorded_codes(), *(page.action for page in CoursePage)})


def test_the_codes_are_found():
    assert {"course", "my_week", "grants.stored", "course.find"} <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_recorded_page_has_a_name(code):
    assert page_in_words(code) != code


@pytest.mark.parametrize("prefix", [prefix for prefix in PAGES if prefix.startswith("course.")])
def test_no_part_of_the_course_is_named_that_nobody_records(prefix):
    assert any(code == prefix or code.startswith((f"{prefix}.", f"{prefix}_")) for code in CODES)
