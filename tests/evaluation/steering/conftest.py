"""A project with its leader and a steering group that lacks a leader from health."""

import datetime

import pytest
import time_machine

TODAY = datetime.date(2016, 6, 8)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(datetime.datetime(2016, 6, 8, 7, tzinfo=datetime.UTC), tick=True):
        yield TODAY


@pytest.fixture
def project(db):
    from tests.factories import ProjectFactory

    return ProjectFactory(slug="odense", name="Odense")


@pytest.fixture
def leader(project):
    from tests.factories import UserFactory

    return UserFactory(project=project, roles=["project_leader"])


@pytest.fixture
def members(project, leader):
    """The members by area; health is missing."""
    from evaluation.steering.models import SteeringArea
    from tests.evaluation.steering_factories import SteeringMemberFactory

    return {
        area: SteeringMemberFactory(project=project, area=area)
        for area in SteeringArea
        if area not in {SteeringArea.HEALTH_MANAGEMENT, SteeringArea.OTHER}
    }


@pytest.fixture
def planned(project, members, leader):
    from evaluation.steering.actions.meetings import plan_meeting
    from tests.evaluation.steering_factories import at

    return plan_meeting(project, planned_at=at(TODAY), place="Rådhuset, lokale 2", by=leader)


@pytest.fixture
def hold(leader):
    """Hold a meeting with the members given."""
    from evaluation.steering.actions.meetings import hold_meeting

    def hold(meeting, attendees, held_on=TODAY):
        return hold_meeting(meeting, held_on=held_on, attendees=list(attendees), by=leader, today=TODAY)

    return hold


@pytest.fixture
def held(planned, members, hold):
    return hold(planned, members.values())
