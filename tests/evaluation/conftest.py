"""A course with its team and the project's leader."""

from tests.scenarios.course_team import course, holder, leader, project, wednesday

__all__ = ["course", "holder", "leader", "project", "wednesday"]
