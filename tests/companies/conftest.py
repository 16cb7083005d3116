"""A course with its team and an internship, and people with other relations to it."""

from tests.scenarios.course_team import (
    as_user,
    colleague,
    course,
    holder,
    leader,
    project,
    stranger,
    wednesday,
)
from tests.scenarios.internship import company, internship

__all__ = [
    "as_user",
    "colleague",
    "company",
    "course",
    "holder",
    "internship",
    "leader",
    "project",
    "stranger",
    "wednesday",
]
