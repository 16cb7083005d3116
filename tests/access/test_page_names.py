"""The access log calls every page by a name: no code of ours stands there."""

import ast
import re
import subprocess
from collections.abc import Iterator

import pytest
from django.conf import settings
from rules.permissions import perm_exists

from cases.course_pages import CoursePage
from cases.tables.access_log import PAGES, page_in_words
from tests.access.addresses import SIGNED_IN, Address
from tests.access.table import TABLE

#: The functions that write an access record; those that fetch something (`…_or_404`) write one as well.
RECORDERS = {"record_shown", "record_refused", "access_action"}
CODE = re.compile(r"[a-z_]+(\.[a-z_]+)*\.?")
#: What stands among the arguments and is no page's code: lookups, and what was asked for.
OTHER_TEXTS = {"content", "cpr", "recipient", "citizen__public_id", "project", "subject"}


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
        if "_or_404(" not in source and not any(f"{recorder}(" in source for recorder in RECORDERS):
            continue  # parsing takes long, and each test process collects this module
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                yield from codes_of_call(node)


def codes_of_call(call: ast.Call) -> Iterator[str]:
    """Yield the codes among the arguments of a call that records."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name not in RECORDERS and not (name.endswith("_or_404") and name != "get_object_or_404"):
        return
    for argument in call.args:
        constant = argument.values[0] if isinstance(argument, ast.JoinedStr) else argument
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
            text = constant.value
            if CODE.fullmatch(text) and text not in OTHER_TEXTS and not perm_exists(text):
                yield text.rstrip(".")


def roles_of(address: Address) -> list[frozenset[str]]:
    """Return who is let in, by each method."""
    return list(address.roles_by_method.values())


CODES = sorted({*recorded_codes(), "list.export", *(page.action for page in CoursePage)})


def test_the_codes_are_found():
    assert {
        *("course", "my_week", "grants.stored", "course.find", "randomization.certificate"),
        *("randomization.ledger", "grants.voucher_file", "course.open_asked"),
    } <= set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_recorded_page_has_a_name(code):
    assert page_in_words(code) != code


@pytest.mark.parametrize("code", [code for code in CODES if code.startswith("course.")])
def test_no_page_is_called_the_course_that_is_another(code):
    assert str(page_in_words(code)) != str(PAGES["course"])


@pytest.mark.parametrize(
    "name",
    [
        address.name
        for address in TABLE
        if not address.is_public
        and any(roles != set(SIGNED_IN) for roles in address.roles_by_method.values())
    ],
)
def test_every_page_that_may_be_refused_has_a_name(name):
    """A refusal before the thing was looked up is recorded by the name of the address."""
    assert page_in_words(name) != name


def test_a_workbook_and_a_command_are_named_as_such():
    assert str(page_in_words("referrals.excel")) == "Listen over henvisninger (Excel)"
    assert str(page_in_words("randomization.draw.command")) == "Lodtrækningen (kommando)"


@pytest.mark.parametrize("prefix", [prefix for prefix in PAGES if prefix.startswith("course.")])
def test_no_part_of_the_course_is_named_that_nobody_records(prefix):
    assert any(code == prefix or code.startswith((f"{prefix}.", f"{prefix}_")) for code in CODES)
