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


@pytest.fixture
def bridged(trial):
    """A course over a weekend (the hole is 9 and 10 April) and with a spell that gives nothing: every kind of
    content there is."""
    from tests.factories import CourseFactory, PlacementFactory

    course = CourseFactory(project_for=trial.first)
    first = PlacementFactory(course=course, planned_end_on=date(2016, 4, 8))
    PlacementFactory(
        course=course, company=first.company, starts_on=date(2016, 4, 11), planned_end_on=date(2016, 8, 1)
    )
    PlacementFactory(course=course, kind="sniffing", starts_on=date(2016, 9, 1))
    return course


@pytest.fixture
def see(client, trial):
    """Ask as somebody; the answer must be there."""

    def see(who, path, query=None, status=200):
        client.force_login(getattr(trial, who))
        answer = client.get(path, query)
        assert answer.status_code == status
        return answer

    return see
