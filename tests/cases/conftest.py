"""People around one course: those who hold its functions, the leader, a colleague, and a stranger.

Models are imported inside the fixtures: pytest reads this file before Django is set up.
"""

import datetime

import pytest
import time_machine

WEDNESDAY = datetime.date(2016, 5, 18)
"""The day on which the pages are looked at: six weeks and two days after the draw."""

FOUR = ["coordinating_caseworker", "course_owner", "job_consultant", "mentor"]


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

    return UserFactory(name="Mette Mentor", project=project, roles=FOUR)


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

    return UserFactory(name="Kim Kollega", project=project, roles=FOUR)


@pytest.fixture
def stranger(db):
    """Works in another project."""
    from tests.factories import ProjectFactory, UserFactory

    return UserFactory(name="Finn Fremmed", project=ProjectFactory(), roles=[*FOUR, "project_leader"])


@pytest.fixture
def agency(db):
    from tests.factories import UserFactory

    return UserFactory(name="STAR", roles=["agency"])


@pytest.fixture
def as_user(client):
    """`as_user(user)` gives a client that is signed in."""

    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in
