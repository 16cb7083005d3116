"""The table of docs/privacy.md is the one that the tests of access hold the site to."""

from pathlib import Path

from tests.access.addresses import KINDS
from tests.access.privacy import KIND_NAMES, privacy_table

PRIVACY = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"


def test_the_documentation_says_what_each_role_reads():
    assert privacy_table() in PRIVACY.read_text(encoding="utf-8"), (
        f"docs/privacy.md needs this table:\n{privacy_table()}"
    )


def test_every_kind_of_thing_is_in_the_table():
    assert set(KIND_NAMES) == set(KINDS)


def test_nobody_but_the_people_of_a_project_reads_a_course():
    row = next(line for line in privacy_table().splitlines() if line.startswith("| a course"))
    cells = [cell.strip() for cell in row.strip("|").split("|")][1:]
    assert cells == ["own", "own", "own", "own", "project", "–", "–"]
