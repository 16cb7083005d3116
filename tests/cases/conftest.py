"""A course with its team, and people with other relations to it."""

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

__all__ = ["agency", "as_user", "colleague", "course", "holder", "leader", "project", "stranger", "wednesday"]
