"""What the database itself refuses, whoever asks and by whatever way."""

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import Membership, User
from cases.models import ColleagueOpening, Course, CourseFunction, FollowUpMeeting, FunctionHolding
from companies.models import Placement
from jobfirst import clock
from jobfirst.values.dates import DAY
from tests.databases import owner_connection
from tests.factories import (
    DRAWN_ON,
    CourseFactory,
    FollowUpMeetingFactory,
    PlacementFactory,
    ProjectFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

ADD_A_RECORD = """
    INSERT INTO audit_accessrecord (at, action, outcome, citizens, asked_for, reason)
    VALUES (now(), 'course', 'shown', '{}', '', '')
"""


@pytest.mark.parametrize("first_days", [(0, 30), (30, 0)])
def test_two_holders_of_a_function_never_have_a_day_in_common(first_days):
    """Also when no action looks: the last day of the one is the first day of the other."""
    course, people = CourseFactory(), UserFactory.create_batch(2)
    spans = {0: DRAWN_ON + 30 * DAY, 30: None}
    holdings = [
        FunctionHolding(
            course=course,
            function=CourseFunction.MENTOR,
            user=person,
            from_on=DRAWN_ON + days * DAY,
            until_on=spans[days],
        )
        for person, days in zip(people, first_days, strict=True)
    ]
    with pytest.raises(IntegrityError, match="cases_holding_one_at_a_time"), transaction.atomic():
        FunctionHolding.objects.bulk_create(holdings)


@pytest.mark.parametrize(
    "values",
    [
        {"ended_on": DRAWN_ON + DAY},
        {"end_reason": "moved"},
        {"ended_on": DRAWN_ON - DAY, "end_reason": "moved"},
    ],
)
def test_a_course_ends_after_its_start_with_a_reason(values):
    course = CourseFactory()
    with pytest.raises(IntegrityError, match="cases_course_end"), transaction.atomic():
        Course.objects.filter(pk=course.pk).update(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"internship_from": DRAWN_ON},
        {"continued_from": DRAWN_ON},
        {"internship_from": DRAWN_ON, "continued_from": DRAWN_ON, "retention_until": DRAWN_ON},
        {"internship_from": DRAWN_ON - DAY, "continued_from": DRAWN_ON, "retention_until": DRAWN_ON},
    ],
)
def test_the_dates_of_an_internship_come_together_and_in_order(values):
    course = CourseFactory()
    with pytest.raises(IntegrityError, match="cases_course_phase_dates"), transaction.atomic():
        Course.objects.filter(pk=course.pk).update(**values)


def test_an_internship_has_a_match():
    placement = PlacementFactory()
    with pytest.raises(IntegrityError, match="companies_internship_matched"), transaction.atomic():
        Placement.objects.filter(pk=placement.pk).update(match=None)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "held", "held_on": DRAWN_ON, "citizen_present": False},
        {"state": "held", "held_on": DRAWN_ON, "citizen_present": None},
        {"state": "held", "citizen_present": True},
        {"held_on": DRAWN_ON},
    ],
)
def test_a_meeting_is_held_on_a_day_with_the_citizen(values):
    meeting = FollowUpMeetingFactory()
    with pytest.raises(IntegrityError, match="cases_meeting_held_with_citizen"), transaction.atomic():
        FollowUpMeeting.objects.filter(pk=meeting.pk).update(**values)


def test_a_withdrawn_placement_is_not_deleted():
    placement = PlacementFactory()
    withdrawn = {"withdrawn_at": clock.now(), "withdrawn_by": UserFactory(), "withdrawn_reason": "Forkert"}
    Placement.objects.filter(pk=placement.pk).update(**withdrawn)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Placement.everything.filter(pk=placement.pk)._raw_delete("default")


def test_an_opening_has_a_reason():
    values = {"course": CourseFactory(), "user": UserFactory(), "ends_at": clock.now(), "reason": ""}
    with pytest.raises(IntegrityError, match="cases_opening_reason"), transaction.atomic():
        ColleagueOpening.objects.create(**values)


def test_nobody_is_a_superuser():
    """One would pass every predicate of the policies."""
    user = UserFactory()
    with pytest.raises(IntegrityError, match="accounts_user_no_superuser"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_superuser=True)


@pytest.mark.parametrize(("role", "has_project"), [("mentor", False), ("agency", True)])
def test_staff_belong_to_a_project_and_the_agency_to_none(role, has_project):
    project = ProjectFactory() if has_project else None
    with pytest.raises(IntegrityError, match="accounts_membership_project"), transaction.atomic():
        Membership.objects.create(user=UserFactory(), role=role, project=project)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_accessrecord SET action = 'x'", "DELETE FROM audit_accessrecord"]
)
def test_not_even_the_owner_changes_an_access_record(statement):
    with owner_connection() as connection, connection.transaction(force_rollback=True):
        connection.execute(ADD_A_RECORD)
        with pytest.raises(psycopg.errors.RaiseException, match="Cannot update or delete"):
            connection.execute(statement)
