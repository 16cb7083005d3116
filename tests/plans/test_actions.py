"""Actions on the activity plan and the plan for job (D13, D19, D21)."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from companies.actions import matches
from companies.actions import placements as company_actions
from jobfirst.kit.versioned import StaleError
from plans import actions
from plans.models import ActivityLine
from tests.factories import DRAWN_ON, CompanyFactory, PlanForJobFactory
from tests.scenarios.course_plans import ACTIVITY, MADE_ON, PLAN, save_plan
from tests.validation import error_codes

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db

# The activity plan


def test_a_line_says_what_where_who_and_when_once_per_form(course) -> None:
    token = uuid.uuid4()
    line = actions.add_activity(course, ACTIVITY, submission=token)
    assert actions.add_activity(course, ACTIVITY, submission=token) == line
    assert (line.what, line.where, line.who) == ("Rundvisning", "Bageren", "Borger og mentor")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts_on": DRAWN_ON - DAY}, {"starts_on": "before_start"}),
        ({"ends_on": DRAWN_ON - DAY}, {"ends_on": "order"}),
    ],
)
def test_a_line_lies_in_the_course_and_ends_after_it_starts(course, changes, code) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.add_activity(course, {**ACTIVITY, **changes})
    assert error_codes(caught) == code
    line = actions.add_activity(course, ACTIVITY)
    with pytest.raises(ValidationError):
        actions.change_activity(line, {**ACTIVITY, **changes})


def test_a_line_is_done_cancelled_and_planned_again(course) -> None:
    line = actions.add_activity(course, {**ACTIVITY, "starts_on": DRAWN_ON + DAY, "ends_on": DRAWN_ON + DAY})
    with pytest.raises(ValidationError):
        actions.mark_activity(line, state="done", today=DRAWN_ON)
    for state, expected in (("done", (True, False)), ("cancelled", (None, True)), ("planned", (None, False))):
        line = actions.mark_activity(line, state=state, today=DRAWN_ON + DAY)
        assert (line.done, line.cancelled) == expected
    assert actions.mark_activity(line, state="planned", today=DRAWN_ON).version == line.version


def test_a_stale_change_of_a_line_is_noticed(course) -> None:
    line = actions.add_activity(course, ACTIVITY)
    actions.change_activity(line, {**ACTIVITY, "what": "Kaffe"}, version=1)
    with pytest.raises(StaleError):
        actions.change_activity(line, {**ACTIVITY, "what": "Andet"}, version=1)


def test_the_database_refuses_a_line_that_ends_before_it_starts(course) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityLine.objects.create(course=course, **{**ACTIVITY, "ends_on": DRAWN_ON - DAY})


# The plan for job


def test_a_plan_covers_six_months_and_prolongs_the_retention_window(course, internship) -> None:
    plan = save_plan(course)
    assert (plan.number, plan.ends_on) == (1, datetime.date(2017, 1, 31))
    course.refresh_from_db()
    assert course.retention_until == datetime.date(2016, 12, 31)


def test_a_plan_that_ends_the_mentor_support_leaves_the_rules_own_window(course, internship) -> None:
    save_plan(course)
    second = save_plan(course, mentor_continues=False, mentor_end_reason="Klarer sig selv")
    assert (second.number, second.mentor_until, second.mentor_tasks) == (2, None, "")
    course.refresh_from_db()
    assert course.retention_until == datetime.date(2016, 8, 1)


def test_a_mentor_end_before_the_rules_own_never_shortens_the_window(course, internship) -> None:
    save_plan(course, starts_on=datetime.date(2016, 7, 25), mentor_until=datetime.date(2016, 7, 26))
    course.refresh_from_db()
    assert course.retention_until == datetime.date(2016, 8, 1)


@pytest.mark.parametrize(
    ("made_on", "code"), [(datetime.date(2016, 7, 16), "too_early"), (datetime.date(2016, 7, 17), None)]
)
def test_a_plan_is_made_from_two_weeks_before_the_first_thirteen_are_over(
    course, internship, made_on, code
) -> None:
    if code is None:
        assert save_plan(course, made_on=made_on).pk
    else:
        with pytest.raises(ValidationError) as caught:
            save_plan(course, made_on=made_on)
        assert error_codes(caught) == {"": code}


def test_a_course_without_an_internship_has_no_plan(course) -> None:
    with pytest.raises(ValidationError) as caught:
        save_plan(course)
    assert error_codes(caught) == {"": "no_internship"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ordinary_hours_aim": Decimal(0)}, {"ordinary_hours_aim": "no_hours"}),
        ({"mentor_until": None}, {"mentor_until": "no_day"}),
        ({"mentor_until": datetime.date(2016, 7, 1)}, {"mentor_until": "order"}),
        ({"mentor_tasks": " "}, {"mentor_tasks": "no_tasks"}),
        ({"mentor_continues": False}, {"mentor_end_reason": "no_reason"}),
        ({"starts_on": DRAWN_ON - DAY}, {"starts_on": "before_start"}),
    ],
)
def test_a_plan_aims_at_hours_and_says_what_the_mentor_does(course, internship, changes, expected) -> None:
    with pytest.raises(ValidationError) as caught:
        save_plan(course, **changes)
    assert error_codes(caught) == expected


def test_versions_follow_each_other_and_the_same_twice_is_one(course, internship) -> None:
    token = uuid.uuid4()
    first = save_plan(course, submission=token)
    assert save_plan(course, submission=token) == first
    assert save_plan(course) == first
    with pytest.raises(StaleError):
        save_plan(course, version=0, job_goal="Andet")
    assert save_plan(course, version=1, job_goal="Andet").number == 2


def test_an_extension_stays_when_an_earlier_internship_is_recorded(course, internship) -> None:
    save_plan(course)
    company = CompanyFactory()
    matches.record_match(course, company, matched_on=DRAWN_ON)
    company_actions.start_placement(
        course, company, kind="internship", starts_on=DRAWN_ON, planned_end_on=DRAWN_ON + 6 * DAY
    )
    course.refresh_from_db()
    assert course.internship_from == DRAWN_ON
    assert course.retention_until == datetime.date(2016, 12, 31)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ordinary_hours_aim": 0},
        {"ends_on": datetime.date(2016, 8, 1)},
        {"mentor_until": None},
        {"mentor_continues": False, "mentor_until": None},
    ],
)
def test_the_database_refuses_a_plan_that_cannot_be(course, wrong) -> None:
    values = {"ends_on": datetime.date(2017, 1, 31), "made_on": MADE_ON, **PLAN, **wrong}
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanForJobFactory(course=course, **values)
