"""The weekly contact is overdue: mentor and course owner, until the next contact (D17, D33)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from cases.deadlines.facts import CourseKeys, owed_contacts
from cases.deadlines.links import section_of_page
from cases.models import CourseFunction
from cases.rules.pauses import first_week_not_paused
from cases.rules.weekly_contact import Week, first_contact_week, week_of
from jobfirst.values.dates import DAY, WEEK, DateSpan
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


def due_dates(
    follow_up: DateSpan,
    contacts: Sequence[datetime.date],
    pauses: Sequence[DateSpan] = (),
    *,
    weekday: int,
) -> Iterator[DueDate]:
    """Yield for each stretch between two contacts the first week missed in it, if there is one.

    It is due on that week's Sunday and shown from the Monday after until the day before the next contact. A
    week that is paused, from the ISO weekday on, is not missed (D50). `contacts` are the days of contact with
    the citizen, in order.
    """
    first = first_contact_week(follow_up)
    stretches = zip([None, *contacts], [*contacts, None], strict=True)
    for contact, next_contact in stretches:
        begins = first if contact is None else max(first, Week(week_of(contact).monday + WEEK))
        week = first_week_not_paused(begins, pauses, weekday=weekday)
        if week is None:
            continue
        last = None if next_contact is None else next_contact - DAY
        due_date = DueDate(week.sunday, week.sunday + DAY, last)
        if week.monday in follow_up and not due_date.is_empty:
            yield due_date


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe."""
    return owed_contacts(keys, KIND.code, due_dates)


KIND = DeadlineKind(
    code="weekly_contact_overdue",
    label=_("The weekly contact is overdue"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.MENTOR, CourseFunction.COURSE_OWNER),
    find=find,
    link=section_of_page("contacts"),
    in_pause=InPause.SUSPENDED,
    demanded=True,
)
