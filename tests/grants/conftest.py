"""A small trial: two projects, three courses, two starts and one completion in the first."""

from datetime import date
from types import SimpleNamespace

import pytest


@pytest.fixture
def trial(db):
    from accounts.roles import Role
    from tests.factories import CourseFactory, PlacementFactory, ProjectFactory, UserFactory

    first = ProjectFactory(slug="aalborg", name="=Aalborg")
    second = ProjectFactory(slug="aarhus", name="Aarhus")
    done = PlacementFactory(course=CourseFactory(project_for=first))
    begun = PlacementFactory(course=CourseFactory(project_for=first), planned_end_on=date(2016, 5, 1))
    other = PlacementFactory(course=CourseFactory(project_for=second), planned_end_on=date(2016, 5, 1))
    return SimpleNamespace(
        first=first,
        second=second,
        done=done.course,
        begun=begun.course,
        other=other.course,
        agency=UserFactory(roles=[Role.AGENCY], name="Anne Agent"),
        approver=UserFactory(roles=[Role.AGENCY], name="Bo Agent"),
        leader=UserFactory(project=first, roles=[Role.PROJECT_LEADER]),
        mentor=UserFactory(project=first, roles=[Role.MENTOR]),
    )
