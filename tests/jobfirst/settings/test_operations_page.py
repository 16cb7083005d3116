"""docs/operations.md lists exactly the variables that are read."""

import re

from django.core.management import get_commands

from devservices import keys
from devservices.layout import PROJECT
from jobfirst.settings import edges as edge_settings
from tests.loops import some

PAGE = (PROJECT / "docs" / "operations.md").read_text()
NAME = r"(?:DJANGO|JOBFIRST|DATABASE|REDIS|EMAIL)_[A-Z_]*[A-Z]"
# Read by Django itself, or set by the embedded services for themselves.
NOT_FOR_PEOPLE = re.compile(r"DJANGO_SETTINGS_MODULE|DJANGO_ALLOW_ASYNC_UNSAFE|JOBFIRST_EMBEDDED.*")
CODE = "".join(
    path.read_text()
    for folder in (
        "jobfirst",
        "accounts",
        "audit",
        "cases",
        "evaluation",
        "devservices",
        "grants",
        "randomization",
        "reminders",
    )
    for path in (PROJECT / folder).rglob("*.py")
)


def test_the_page_lists_the_variables():
    listed = set(re.findall(rf"^\| `({NAME})` \|", PAGE, re.MULTILINE))
    settings = (PROJECT / "jobfirst" / "settings" / "__init__.py").read_text()
    read = set(re.findall(rf'"({NAME})"', settings))
    for module in (PROJECT / "jobfirst" / "settings").glob("[a-z]*.py"):
        read |= set(re.findall(rf'(?:env\.\w+|_optional)\(\s*"({NAME})"', module.read_text()))
    read |= {variable for variable, _default in edge_settings.LIMITS.values()}
    read |= set(re.findall(rf'environ(?:\.get\(|\[)"({NAME})"', CODE))
    read |= {name for name in keys.NAMES if name not in keys.PRIVATE}
    assert len(read) > 20
    assert {name for name in read - listed if not NOT_FOR_PEOPLE.fullmatch(name)} == set()
    compose = (PROJECT / "docker-compose.yml").read_text()
    known = CODE + compose  # a secret is read from NAME or from the file that NAME_FILE names
    assert {name for name in listed if name.removesuffix("_FILE") not in known} == set()


def test_every_command_and_file_the_page_names_is_there():
    makefile = (PROJECT / "Makefile").read_text()
    for target in some(set(re.findall(r"`make ([a-z-]+)", PAGE))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for path in some(set(re.findall(r"\b((?:scripts|docker|static)/[\w.]+)", PAGE))):
        assert (PROJECT / path).is_file(), path
    for command in some(set(re.findall(r"manage\.py ([a-z_]{5,})", PAGE))):
        assert command in get_commands(), command
    for linked in some(re.findall(r"\]\((\w+\.md)\)", PAGE)):
        assert (PROJECT / "docs" / linked).is_file(), linked


def test_the_first_steps_give_every_project_days_of_its_own():
    """Of the reference projects' own days enrolment has closed."""
    steps = re.search(r"sed 's/([^/]+)/([^/]+)/' (\S+) > projects.csv", PAGE)
    assert steps is not None
    written, replacement, path = steps.groups()
    projects = (PROJECT / path).read_text("utf-8").splitlines()[1:]
    assert all(line.count(written) == 1 for line in some(projects))
    assert [len(days.split(";")) for days in (written, replacement)] == [4, 4]
