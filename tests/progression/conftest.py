"""A course with its team, and answers to the progression tool."""

import datetime

import pytest

from tests.scenarios.course_team import (
    agency,
    as_user,
    colleague,
    course,
    holder,
    leader,
    project,
    stranger,
    wednesday,
)
from tests.scenarios.import_files import odense, odense_course, run_import

__all__ = [
    "agency",
    "as_user",
    "colleague",
    "course",
    "holder",
    "leader",
    "odense",
    "odense_course",
    "project",
    "run_import",
    "stranger",
    "wednesday",
]

APRIL, MAY = datetime.date(2016, 4, 20), datetime.date(2016, 5, 16)


@pytest.fixture
def answered(course):
    """The course with finished answers of April (all 4) and May (all 6)."""
    from tests.scenarios.progression_answers import finished_sheet

    return finished_sheet(course, APRIL, 4), finished_sheet(course, MAY, 6)
