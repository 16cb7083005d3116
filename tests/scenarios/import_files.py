"""Fixtures and rows: files imported by command into the project of Odense (docs/formats.md).

Models are imported inside the fixtures: pytest imports this module before Django is set up.
"""

import io
import json

import pytest
from django.core.management import call_command

ACTIVITY_READY = "activity_ready;cash_benefit"


class CommandRun:
    """A command run on a file: its exit code, output and error lines."""

    def __init__(self, command: str, path, *options: str) -> None:
        out, err = io.StringIO(), io.StringIO()
        self.code = 0
        try:
            call_command(command, str(path), *options, stdout=out, stderr=err, no_color=True)
        except SystemExit as stopped:
            self.code = int(stopped.code or 0)
        self.out, self.err = out.getvalue(), err.getvalue()
        self.path = path

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def errors(self) -> list[str]:
        """The error lines without the file name."""
        return [line.removeprefix(f"{self.path}:") for line in self.err.splitlines()]


@pytest.fixture
def run_import(tmp_path):
    def run_import(command: str, columns: tuple[str, ...], rows: list[str], *options: str) -> CommandRun:
        path = tmp_path / "delivery.csv"
        path.write_text("\n".join([";".join(columns), *rows]) + "\n", encoding="utf-8")
        return CommandRun(command, path, *options)

    return run_import


@pytest.fixture
def import_referrals(run_import):
    from cases.exchange import REFERRAL_COLUMNS, REFERRAL_FILE_COLUMNS

    return lambda *rows, options=(), has_ids=False: run_import(
        "import_referrals",
        REFERRAL_FILE_COLUMNS if has_ids else REFERRAL_COLUMNS,
        list(rows),
        "--format",
        "json",
        *options,
    )


@pytest.fixture
def odense(db):
    from tests.factories import ProjectFactory

    return ProjectFactory(slug="odense", codes=["0461"])


@pytest.fixture
def odense_staff(odense):
    """One person per function, in Odense, and a second mentor."""
    from accounts.roles import Role
    from cases.models.course import CourseFunction
    from tests.factories import UserFactory

    users = {function: UserFactory(project=odense, roles=[function]) for function in CourseFunction.values}
    users["second"] = UserFactory(project=odense, roles=[Role.MENTOR])
    return users


@pytest.fixture
def odense_course(odense):
    """A course in Odense of the citizen with the first CPR number."""
    from tests.factories import CitizenFactory, CourseFactory, cpr

    return CourseFactory(project_for=odense, referral__citizen=CitizenFactory(cpr=cpr(1)))


def referral_row(
    number: int, facts: str = f"{ACTIVITY_READY};2014-01-01;true;false;2016-06-01", code: str = "0461"
) -> str:
    """Return the line of a citizen who is accepted, unless the facts say otherwise."""
    from tests.factories import cpr

    return f"{cpr(number)};Testborger Nummer{number};{code};{facts}"
