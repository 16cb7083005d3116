"""No contact this week yet: the mentor, from Thursday on, due that Sunday (D17, D33)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from cases.deadlines.facts import CourseKeys, owed_contacts
from cases.deadlines.links import section_of_page
from cases.models import CourseFunction
from cases.rules.pauses import with_whole_weeks
from cases.rules.weekly_contact import Week, first_contact_week, week_of
from jobfirst.values.dates import DAY, WEEK, DateSpan, merged
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate, shown_outside, weekly


def due_dates(
    follow_up: DateSpan,
    contacts: Sequence[datetime.date],
    pauses: Sequence[DateSpan] = (),
    *,
    weekday: int,
) -> Iterator[DueDate]:
    """Yield a due date for every owed week, shown from the ISO weekday until the week's first contact.

    A week that is paused owes nothing on any of its days (D50). `contacts` are the days of contact with the
    citizen, in order.
    """
    owed = _owed_weeks(follow_up, contacts, weekday)
    yield from shown_outside(owed, merged(with_whole_weeks(pauses, weekday=weekday)))


def _owed_weeks(follow_up: DateSpan, contacts: Sequence[datetime.date], weekday: int) -> Iterator[DueDate]:
    """Yield what is due without pauses.

    1. The weeks with contacts divide the follow-up into runs of weeks without; a run is one series.
    2. A week with contacts is shown until the day before the first of them.
    """
    first_days: dict[Week, datetime.date] = {}
    for day in contacts:
        first_days.setdefault(week_of(day), day)
    week = first_contact_week(follow_up)
    for contact_week, first_day in first_days.items():
        if contact_week.monday < week.monday or contact_week.monday not in follow_up:
            continue
        yield from _run(week, Week(contact_week.monday - WEEK), weekday)
        due_date = DueDate(contact_week.sunday, contact_week.monday + (weekday - 1) * DAY, first_day - DAY)
        if not due_date.is_empty:
            yield due_date
        week = Week(contact_week.monday + WEEK)
    last = None if follow_up.last is None else week_of(follow_up.last)
    yield from _run(week, last, weekday)


def _run(first: Week, last: Week | None, weekday: int) -> Iterator[DueDate]:
    """Yield the series of the weeks without contact from the first to the last (None: onwards)."""
    if last is not None and last.monday < first.monday:
        return
    yield from weekly(
        first.sunday,
        shown_from=first.monday + (weekday - 1) * DAY,
        shown_days=8 - weekday,
        last_due_on=None if last is None else last.sunday,
    )


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe."""
    return owed_contacts(keys, KIND.code, due_dates)


KIND = DeadlineKind(
    code="weekly_contact_missing",
    label=_("No contact with the citizen this week"),
    task=_("Weekly contact with the citizen"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.MENTOR,),
    find=find,
    link=section_of_page("contacts"),
    in_pause=InPause.SUSPENDED,
)
