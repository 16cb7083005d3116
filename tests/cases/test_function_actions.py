"""Who holds the functions of a course: one person at a time, with history (D8)."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.roles import Role
from cases import actions
from cases.models import FunctionHolding
from tests.cases.test_actions import DAY, LATER
from tests.concurrency import run_at_once
from tests.factories import (
    DRAWN_ON,
    CourseFactory,
    ProjectFactory,
    UserFactory,
)
from tests.validation import error_codes

pytestmark = pytest.mark.django_db


# Functions


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def staffed(project):
    return CourseFactory(project_for=project)


def mentor_of(project):
    return UserFactory(project=project, roles=[Role.MENTOR])


def holdings(course) -> list[tuple[object, datetime.date, datetime.date | None]]:
    rows = FunctionHolding.objects.filter(course=course, function="mentor").order_by("from_on")
    return [(row.user, row.from_on, row.until_on) for row in rows]


def assign(course, user, from_on):
    return actions.assign_function(course, function="mentor", user=user, from_on=from_on)


def test_a_later_holder_ends_the_earlier_one_the_day_before(project, staffed) -> None:
    first, second = mentor_of(project), mentor_of(project)
    assert assign(staffed, first, DRAWN_ON)[1] is True
    assert assign(staffed, second, LATER)[1] is True
    assert holdings(staffed) == [(first, DRAWN_ON, LATER - DAY), (second, LATER, None)]


def test_assigning_the_same_again_changes_nothing(project, staffed) -> None:
    first, second = mentor_of(project), mentor_of(project)
    for user, day in [(first, DRAWN_ON), (second, LATER)] * 2:
        assign(staffed, user, day)
    assert holdings(staffed) == [(first, DRAWN_ON, LATER - DAY), (second, LATER, None)]
    assert assign(staffed, second, LATER + DAY)[1] is False


def test_somebody_put_in_before_a_later_holder_ends_where_that_one_begins(project, staffed) -> None:
    first, second, between = (mentor_of(project) for _ in range(3))
    assign(staffed, first, DRAWN_ON)
    assign(staffed, second, LATER)
    assign(staffed, between, DRAWN_ON + 5 * DAY)
    assert holdings(staffed) == [
        (first, DRAWN_ON, DRAWN_ON + 4 * DAY),
        (between, DRAWN_ON + 5 * DAY, LATER - DAY),
        (second, LATER, None),
    ]


def test_somebody_else_from_the_very_same_day_replaces(project, staffed) -> None:
    first, second = mentor_of(project), mentor_of(project)
    assign(staffed, first, DRAWN_ON)
    assign(staffed, second, DRAWN_ON)
    assert holdings(staffed) == [(second, DRAWN_ON, None)]


def test_only_somebody_with_the_role_in_the_project_holds_the_function(project, staffed) -> None:
    elsewhere = mentor_of(ProjectFactory())
    consultant = UserFactory(project=project, roles=[Role.JOB_CONSULTANT])
    gone = UserFactory(project=project, roles=[Role.MENTOR], is_active=False)
    for user in (elsewhere, consultant, gone):
        with pytest.raises(ValidationError) as caught:
            assign(staffed, user, LATER)
        assert error_codes(caught) == {"user": "without_role"}


def test_a_function_is_not_held_before_the_course_begins(project, staffed) -> None:
    with pytest.raises(ValidationError) as caught:
        assign(staffed, mentor_of(project), DRAWN_ON - DAY)
    assert error_codes(caught) == {"from_on": "before_start"}


@pytest.mark.django_db(transaction=True)
def test_two_assignments_at_once_leave_one_holder_a_day() -> None:
    project = ProjectFactory()
    course = CourseFactory(project_for=project)
    users = [mentor_of(project) for _ in range(4)]
    outcomes = run_at_once([lambda user=user: assign(course, user, LATER) for user in users])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [(from_on, until_on) for _, from_on, until_on in holdings(course)] == [(LATER, None)]
