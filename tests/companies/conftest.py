"""People around one course: its job consultant, the leader, a colleague, and a stranger.

Models are imported inside the fixtures: pytest reads this file before Django is set up.
"""

import datetime

import pytest
import time_machine

WEDNESDAY = datetime.date(2016, 5, 18)
FOUR = ["coordinating_caseworker", "course_owner", "job_consultant", "mentor"]


@pytest.fixture
def wednesday():
    """Travel to six weeks and two days after the draw, mid-morning."""
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

    return UserFactory(name="Jonna Jobkonsulent", project=project, roles=FOUR)


@pytest.fixture
def course(project, holder):
    from tests.factories import CourseFactory

    return CourseFactory(project_for=project, holders=holder, referral__name="Testborger Ågesen")


@pytest.fixture
def company(db):
    from tests.factories import CompanyContactFactory, CompanyFactory

    company = CompanyFactory(name="Bageren & Co. ApS")
    CompanyContactFactory(company=company, name="Karla Kontakt")
    return company


@pytest.fixture
def internship(course, company):
    """13 weeks from 2 May 2016, matched a week before."""
    from companies.actions import matches, placements

    first = datetime.date(2016, 5, 2)
    matches.record_match(course, company, matched_on=datetime.date(2016, 4, 25), job_function="Bager")
    return placements.start_placement(
        course,
        company,
        kind="internship",
        starts_on=first,
        planned_end_on=first + datetime.timedelta(days=90),
        internship_hours=15,
    )


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
def as_user(client):
    """`as_user(user)` gives a client that is signed in."""

    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in
