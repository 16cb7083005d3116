"""The lines of the activity plan (D13): add, change, tick, move, repeat, copy."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions.checks import changed, check_running, locked, refuse, sent_before
from cases.actions.deadlines import updates_deadlines
from cases.models import Course
from companies.models import Placement
from jobfirst.kit.versioned import ensure_fresh
from jobfirst.values.dates import DateSpan
from plans.deadlines import empty_week_ahead
from plans.models import ActivityLine
from plans.rules.repetition import MOST_REPEATS, moved_to, open_week, weekly_repeats

#: The states of a line with the values of `done` and `cancelled`.
STATES: dict[str, tuple[bool | None, bool]] = {
    "planned": (None, False),
    "done": (True, False),
    "not_done": (False, False),
    "cancelled": (None, True),
}
#: What a copied or repeated line takes over: what was planned, but the placement, whose days are its own.
PLANNED_FIELDS = (
    "kind",
    "what",
    "where",
    "companion",
    "who",
    "company_id",
    "starts_at",
    "day_is_open",
)


@updates_deadlines(empty_week_ahead.KIND.code)
@transaction.atomic
def add_activity(
    course: Course,
    fields: dict[str, Any],
    *,
    repeat_until: datetime.date | None = None,
    submission: uuid.UUID | None = None,
) -> ActivityLine:
    """Add a line to the activity plan: what, where, who and when (D13); repeated weekly until a day."""
    course = locked(course)
    fields = _tidied(course, fields)
    earlier = sent_before(ActivityLine, course, submission, **fields)
    if earlier is not None:
        return earlier
    check_running(course)
    _check(course, fields)
    line = ActivityLine.objects.create(course=course, submission=submission, **fields)
    if repeat_until is not None:
        _check_repeats(line, repeat_until)
        _add_copies(course, [(line, span) for span in weekly_repeats(line.span, repeat_until)])
    return line


@updates_deadlines(empty_week_ahead.KIND.code)
@transaction.atomic
def change_activity(
    activity: ActivityLine, fields: dict[str, Any], *, version: int | None = None
) -> ActivityLine:
    """Change a line of the activity plan; StaleError when somebody else has changed it since."""
    activity = _locked(activity)
    ensure_fresh(activity, version)
    fields = _tidied(activity.course, fields)
    _check(activity.course, fields, itself=activity)
    changed(activity, fields)
    return activity


@updates_deadlines(empty_week_ahead.KIND.code)
@transaction.atomic
def mark_activity(
    activity: ActivityLine,
    *,
    state: str,
    today: datetime.date,
    outcome: str = "",
    version: int | None = None,
) -> ActivityLine:
    """Set the state of an activity: `done`, `not_done`, `cancelled`, or `planned` again, and how it went.

    What lies in the future is neither done nor not done. Idempotent: the same state and sentence again
    change nothing. StaleError when somebody else has changed the line since `version`.
    """
    activity = _locked(activity)
    is_done, cancelled = STATES[state]
    if is_done is not None and activity.starts_on > today:
        raise ValidationError(_("The activity lies in the future."), code="future")
    values = {"done": is_done, "cancelled": cancelled, "outcome": "" if is_done is None else outcome}
    if any(getattr(activity, name) != value for name, value in values.items()):
        ensure_fresh(activity, version)
        changed(activity, values)
    return activity


@updates_deadlines(empty_week_ahead.KIND.code)
@transaction.atomic
def move_activity(
    activity: ActivityLine, *, starts_on: datetime.date, version: int | None = None
) -> ActivityLine:
    """Move a planned line to another day; it keeps its length. Idempotent."""
    activity = _locked(activity)
    if activity.state != "planned":
        raise ValidationError(_("Only a planned activity is moved."), code="ticked")
    if activity.day_is_open:
        span = open_week(starts_on, not_before=activity.course.started_on)
    else:
        span = moved_to(activity.span, starts_on)
    if span != activity.span:
        ensure_fresh(activity, version)
        _check_days(activity.course, span.first, span.last_day)
        changed(activity, {"starts_on": span.first, "ends_on": span.last_day})
    return activity


@updates_deadlines(empty_week_ahead.KIND.code)
@transaction.atomic
def repeat_activity(activity: ActivityLine, *, until: datetime.date) -> ActivityLine:
    """Add the line once more in each following week until a day. Idempotent: weeks that have it are kept."""
    activity = _locked(activity)
    check_running(activity.course)
    _check_repeats(activity, until)
    _add_copies(activity.course, [(activity, span) for span in weekly_repeats(activity.span, until)])
    return activity


@updates_deadlines(empty_week_ahead.KIND.code)
@transaction.atomic
def copy_activities(
    course: Course, lines: Iterable[ActivityLine], *, by_days: datetime.timedelta
) -> Sequence[ActivityLine]:
    """Add the lines once more, so many days later; return those added. Idempotent, as `repeat_activity`."""
    course = locked(course)
    check_running(course)
    chosen = course.activities.filter(pk__in=[line.pk for line in lines], cancelled=False)
    return _add_copies(course, [(line, moved_to(line.span, line.starts_on + by_days)) for line in chosen])


def _add_copies(course: Course, copies: Iterable[tuple[ActivityLine, DateSpan]]) -> list[ActivityLine]:
    """Save the copies on their days, but for what stands there already at the same place."""
    existing = {_place_in_plan(line, line.starts_on) for line in course.activities.filter(cancelled=False)}
    new = []
    for line, span in copies:
        place = _place_in_plan(line, span.first)
        if place not in existing:
            existing.add(place)
            values = {name: getattr(line, name) for name in PLANNED_FIELDS}
            new.append(ActivityLine(course=course, starts_on=span.first, ends_on=span.last_day, **values))
    return ActivityLine.objects.bulk_create(new)


def _place_in_plan(line: ActivityLine, day: datetime.date) -> tuple[object, ...]:
    """Return what makes two lines of a day the same: what, where, and at which company."""
    return line.what, line.where, line.company_id, day


def _locked(activity: ActivityLine) -> ActivityLine:
    """Return the current line, under its course's lock."""
    course = locked(activity.course)
    activity = ActivityLine.objects.get(pk=activity.pk)
    activity.course = course
    return activity


def _tidied(course: Course, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with what follows from others: the days of an open day, the placement's company."""
    fields = dict(fields)
    if fields.get("day_is_open"):
        span = open_week(fields["starts_on"], not_before=course.started_on)
        fields.update(starts_on=span.first, ends_on=span.last, starts_at=None)
    placement: Placement | None = fields.get("placement")
    if placement is not None and fields.get("company") is None:
        fields["company"] = placement.company
    return fields


def _check(course: Course, fields: dict[str, Any], *, itself: ActivityLine | None = None) -> None:
    _check_days(course, fields["starts_on"], fields["ends_on"])
    if not fields.get("who") and not fields.get("companion"):
        raise refuse("companion", _("Choose who takes part."), "nobody")
    placement: Placement | None = fields.get("placement")
    if placement is not None and placement.course_id != course.pk:
        raise refuse("placement", _("The placement belongs to another course."), "other_course")
    if placement is not None and placement.company_id != fields["company"].pk:
        raise refuse("company", _("The placement is at another company."), "other_company")
    is_ticked = itself is not None and itself.done is not None
    if is_ticked and itself is not None and fields["starts_on"] > itself.ends_on:
        raise refuse("starts_on", _("The activity is ticked. Undo that before you move it."), "ticked")


def _check_days(course: Course, first: datetime.date, last: datetime.date) -> None:
    if first < course.started_on:
        raise refuse("starts_on", _("The day lies before the course's start."), "before_start")
    if last < first:
        raise refuse("ends_on", _("The end must not be before the start."), "order")


def _check_repeats(activity: ActivityLine, until: datetime.date) -> None:
    if until <= activity.starts_on:
        raise refuse("repeat_until", _("Choose a later day."), "order")
    weeks = (until - activity.starts_on).days // 7
    if weeks > MOST_REPEATS:
        message = _("An activity can be repeated for at most %(weeks)d weeks at a time.")
        raise refuse("repeat_until", message % {"weeks": MOST_REPEATS}, "too_many")
