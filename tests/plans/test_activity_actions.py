"""What is done to lines of the activity plan: tick, move, repeat, copy, tie to a placement (D13, D41)."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jobfirst.kit.versioned import StaleError
from jobfirst.values.dates import DAY, WEEK
from plans import actions
from plans.models import ActivityLine
from reminders.models import Deadline
from tests.concurrency import run_at_once
from tests.factories import DRAWN_ON, CompanyFactory, PlacementFactory
from tests.scenarios.course_plans import ACTIVITY
from tests.validation import error_codes

pytestmark = pytest.mark.django_db

LATER = DRAWN_ON + 60 * DAY


def days_of(course) -> list[datetime.date]:
    return [line.starts_on for line in course.activities.all()]


def test_a_line_is_ticked_with_a_sentence_on_how_it_went(course) -> None:
    line = actions.add_activity(course, ACTIVITY)
    line = actions.mark_activity(line, state="not_done", today=LATER, outcome="Syg den dag")
    assert (line.state, line.outcome, line.fills_days) == ("not_done", "Syg den dag", False)
    line = actions.mark_activity(line, state="done", today=LATER, outcome="Kom dagen efter")
    assert (line.state, line.outcome) == ("done", "Kom dagen efter")


def test_taking_a_tick_back_takes_its_sentence_along_and_history_keeps_it(course) -> None:
    line = actions.add_activity(course, ACTIVITY)
    actions.mark_activity(line, state="done", today=LATER, outcome="Godt")
    line = actions.mark_activity(line, state="planned", today=LATER)
    assert (line.state, line.outcome) == ("planned", "")
    history = ActivityLine._meta.get_field("events").related_model.objects.filter(pgh_obj=line)
    assert "Godt" in history.values_list("outcome", flat=True)


def test_a_tick_on_a_line_that_changed_meanwhile_is_noticed(course) -> None:
    line = actions.add_activity(course, ACTIVITY)
    actions.change_activity(line, {**ACTIVITY, "what": "Kaffe"}, version=1)
    with pytest.raises(StaleError):
        actions.mark_activity(line, state="done", today=LATER, version=1)


def test_what_did_not_take_place_leaves_its_week_empty(course) -> None:
    day = DRAWN_ON + WEEK
    line = actions.add_activity(course, {**ACTIVITY, "starts_on": DRAWN_ON, "ends_on": day})
    empty = Deadline.objects.filter(subject=str(course.public_id), kind="empty_week_ahead")
    before = set(empty.values_list("due_on", flat=True))
    actions.mark_activity(line, state="not_done", today=LATER)
    assert day not in before
    assert day in set(empty.values_list("due_on", flat=True))


def test_a_line_moves_with_its_length(course) -> None:
    line = actions.add_activity(course, {**ACTIVITY, "ends_on": DRAWN_ON + 2 * DAY})
    line = actions.move_activity(line, starts_on=DRAWN_ON + WEEK, version=1)
    assert (line.starts_on, line.ends_on) == (DRAWN_ON + WEEK, DRAWN_ON + 9 * DAY)
    assert actions.move_activity(line, starts_on=DRAWN_ON + WEEK, version=1).version == 2
    with pytest.raises(StaleError):
        actions.move_activity(line, starts_on=DRAWN_ON, version=1)


def test_a_ticked_line_does_not_move_into_the_future(course) -> None:
    line = actions.add_activity(course, ACTIVITY)
    line = actions.mark_activity(line, state="done", today=LATER)
    with pytest.raises(ValidationError):
        actions.move_activity(line, starts_on=DRAWN_ON + WEEK)
    moved = {**ACTIVITY, "starts_on": DRAWN_ON + WEEK, "ends_on": DRAWN_ON + WEEK}
    with pytest.raises(ValidationError) as caught:
        actions.change_activity(line, moved)
    assert error_codes(caught) == {"starts_on": "ticked"}


def test_a_line_is_repeated_every_week_once(course) -> None:
    line = actions.add_activity(course, ACTIVITY, repeat_until=DRAWN_ON + 2 * WEEK)
    expected = [DRAWN_ON, DRAWN_ON + WEEK, DRAWN_ON + 2 * WEEK]
    assert days_of(course) == expected
    actions.repeat_activity(line, until=DRAWN_ON + 2 * WEEK)
    assert days_of(course) == expected


def test_the_form_sent_twice_repeats_once(course) -> None:
    token = uuid.uuid4()
    for _twice in range(2):
        actions.add_activity(course, ACTIVITY, repeat_until=DRAWN_ON + WEEK, submission=token)
    assert days_of(course) == [DRAWN_ON, DRAWN_ON + WEEK]


@pytest.mark.parametrize(("days", "code"), [(0, "order"), (27 * 7, "too_many")])
def test_a_repetition_goes_on_for_half_a_year_at_most(course, days, code) -> None:
    line = actions.add_activity(course, ACTIVITY)
    with pytest.raises(ValidationError) as caught:
        actions.repeat_activity(line, until=DRAWN_ON + days * DAY)
    assert error_codes(caught) == {"repeat_until": code}
    assert days_of(course) == [DRAWN_ON]


def test_a_copied_line_keeps_what_was_planned_and_nothing_of_how_it_went(course) -> None:
    company = CompanyFactory()
    line = actions.add_activity(course, {**ACTIVITY, "company": company, "companion": "mentor"})
    actions.mark_activity(line, state="done", today=LATER, outcome="Godt")
    (copy,) = actions.copy_activities(course, [line], by_days=4 * WEEK)
    assert (copy.what, copy.company, copy.companion) == (line.what, company, "mentor")
    assert (copy.state, copy.outcome, copy.starts_on) == ("planned", "", DRAWN_ON + 4 * WEEK)
    assert actions.copy_activities(course, [line], by_days=4 * WEEK) == []


def test_two_visits_of_one_day_are_both_copied(course) -> None:
    lines = [actions.add_activity(course, {**ACTIVITY, "company": CompanyFactory()}) for _twice in range(2)]
    copies = actions.copy_activities(course, lines, by_days=WEEK)
    assert [copy.company for copy in copies] == [line.company for line in lines]


def test_cancelled_lines_and_those_of_other_courses_are_not_copied(course) -> None:
    cancelled = actions.add_activity(course, ACTIVITY)
    actions.mark_activity(cancelled, state="cancelled", today=LATER)
    foreign = actions.add_activity(PlacementFactory().course, ACTIVITY)
    assert actions.copy_activities(course, [cancelled, foreign], by_days=WEEK) == []


def test_a_line_is_tied_to_a_placement_of_its_course_and_its_company(course) -> None:
    placement = PlacementFactory(course=course, kind="sniffing")
    line = actions.add_activity(course, {**ACTIVITY, "placement": placement, "company": None})
    assert line.company == placement.company
    for fields, code in (
        ({"placement": PlacementFactory(), "company": None}, {"placement": "other_course"}),
        ({"placement": placement, "company": CompanyFactory()}, {"company": "other_company"}),
    ):
        with pytest.raises(ValidationError) as caught:
            actions.add_activity(course, {**ACTIVITY, **fields})
        assert error_codes(caught) == code


def test_a_line_without_a_day_stands_in_its_week(course) -> None:
    wednesday = DRAWN_ON + WEEK + 2 * DAY
    fields = {**ACTIVITY, "starts_on": wednesday, "ends_on": wednesday, "day_is_open": True}
    line = actions.add_activity(course, {**fields, "starts_at": datetime.time(10)})
    monday = wednesday - wednesday.weekday() * DAY
    assert (line.starts_on, line.ends_on, line.starts_at) == (monday, monday + 4 * DAY, None)
    moved = actions.move_activity(line, starts_on=wednesday + WEEK)
    assert (moved.starts_on, moved.ends_on) == (monday + WEEK, monday + WEEK + 4 * DAY)


def test_somebody_takes_part(course) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.add_activity(course, {**ACTIVITY, "who": "", "companion": ""})
    assert error_codes(caught) == {"companion": "nobody"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"who": "", "companion": ""},
        {"outcome": "Godt"},
        {"done": True, "cancelled": True},
        {"day_is_open": True, "starts_at": datetime.time(10)},
        {"day_is_open": True, "ends_on": DRAWN_ON + WEEK},
    ],
)
def test_the_database_refuses_a_line_that_cannot_be(course, wrong) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityLine.objects.create(course=course, **{**ACTIVITY, **wrong})


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_is_stale(course) -> None:
    line = actions.add_activity(course, ACTIVITY)
    outcomes = run_at_once(
        [
            lambda what=what: actions.change_activity(line, {**ACTIVITY, "what": what}, version=1)
            for what in ("Kaffe", "Besøg")
        ]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ActivityLine", "StaleError"]


@pytest.mark.django_db(transaction=True)
def test_the_same_copy_at_once_is_made_once(course) -> None:
    line = actions.add_activity(course, ACTIVITY)
    run_at_once([lambda: actions.copy_activities(course, [line], by_days=WEEK) for _twice in range(2)])
    assert days_of(course) == [DRAWN_ON, DRAWN_ON + WEEK]
