"""Fixtures: a course six weeks after the draw, its team, the project's leader, a colleague, and a stranger.

Models are imported inside the fixtures: pytest imports this module before Django is set up.
"""

import datetime

import pytest
import time_machine

WEDNESDAY = datetime.date(2016, 5, 18)
"""The day on which the pages are looked at: six weeks and two days after the draw."""

FUNCTION_ROLES = ["coordinating_caseworker", "course_owner", "job_consultant", "mentor"]


@pytest.fixture
def wednesday():
    """Travel to WEDNESDAY, mid-morning."""
    with time_machine.travel(datetime.datetime(2016, 5, 18, 8, 0, tzinfo=datetime.UTC), tick=True):
        yield WEDNESDAY


@pytest.fixture
def project(db):
    from tests.factories import ProjectFactory

    return ProjectFactory()


@pytest.fixture
def holder(project):
    """Holds all four functions of the course."""
    from tests.factories import UserFactory

    return UserFactory(name="Mette Mentor", project=project, roles=FUNCTION_ROLES)


@pytest.fixture
def course(project, holder):
    from tests.factories import CourseFactory

    return CourseFactory(project_for=project, holders=holder, referral__name="Testborger Ågesen")


@pytest.fixture
def leader(project):
    from tests.factories import UserFactory

    return UserFactory(name="Lars Leder", project=project, roles=["project_leader"])


@pytest.fixture
def colleague(project):
    """Works in the same project, on other courses."""
    from tests.factories import UserFactory

    return UserFactory(name="Kim Kollega", project=project, roles=FUNCTION_ROLES)


@pytest.fixture
def stranger(db):
    """Works in another project."""
    from tests.factories import ProjectFactory, UserFactory

    roles = [*FUNCTION_ROLES, "project_leader"]
    return UserFactory(name="Finn Fremmed", project=ProjectFactory(), roles=roles)


@pytest.fixture
def agency(db):
    from tests.factories import UserFactory

    return UserFactory(name="Styrelsen", roles=["agency"])


@pytest.fixture
def as_user(client):
    """`as_user(user)` signs the client in as the user and returns it."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
