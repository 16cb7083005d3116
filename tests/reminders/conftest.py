"""A course with its team, and people with other relations to it."""

from tests.scenarios.course_team import as_user, colleague, course, holder, leader, project, wednesday

__all__ = ["as_user", "colleague", "course", "holder", "leader", "project", "wednesday"]
