"""What the deadlines of a course are made from: its facts, and the terms of the trial period by period."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, Protocol, TypeVar

from django.db.models import Model, QuerySet

from accounts.models import TrialTerms
from cases.models import MEETING_DAY, Channel, Course, FollowUpMeeting, MentorContact
from cases.rules.failed_contacts import Attempt
from cases.rules.follow_up import follow_up_span, running_span
from jobfirst.values.dates import DAY, DateSpan, merged
from reminders.extension_points import Owed
from reminders.fact_cache import read_once
from reminders.rules.due_dates import DueDate, joined, shown_outside, shown_within

#: The public ids of the courses to look at.
CourseKeys = Collection[str]

RowT = TypeVar("RowT", bound=Model)


class Pause(NamedTuple):
    """The days of a pause, and the kinds of deadlines that it suspends (D50)."""

    days: DateSpan
    suspended: Sequence[str]


@dataclass(frozen=True, slots=True)
class CourseDays:
    """The days of a course that its deadlines follow from."""

    pk: int
    subject: str
    pauses: Sequence[Pause]
    project_id: int
    started_on: datetime.date
    internship_from: datetime.date | None
    retention_until: datetime.date | None
    continued_from: datetime.date | None
    ended_on: datetime.date | None

    def paused(self, kind: str) -> list[DateSpan]:
        """Return the days on which this kind of deadline is suspended (D50), disjoint and in order."""
        return merged(pause.days for pause in self.pauses if kind in pause.suspended)

    @property
    def running(self) -> DateSpan:
        """The days on which the course runs; only then does it owe anything."""
        return running_span(self.started_on, self.ended_on)

    @property
    def follow_up(self) -> DateSpan:
        """The days on which follow-up is owed (D17-D19)."""
        return follow_up_span(self.started_on, self.retention_until, self.ended_on)


_FIELDS = (
    "pk",
    "public_id",
    "project_id",
    "started_on",
    "internship_from",
    "retention_until",
    "continued_from",
    "ended_on",
)


#: The fields of a pause, which a course without one has as None.
_PAUSE_FIELDS = ("pauses__starts_on", "pauses__ends_on", "pauses__suspended")


@read_once
def course_days(keys: CourseKeys) -> list[CourseDays]:
    """Return the days of the courses, and their pauses; one query."""
    rows = Course.objects.filter(public_id__in=keys).order_by("pk").values_list(*_FIELDS, *_PAUSE_FIELDS)
    courses = []
    for (pk, public_id, *days), of_course in groupby(rows, key=lambda row: row[: len(_FIELDS)]):
        pauses = [
            Pause(DateSpan(first, last), suspended)
            for first, last, suspended in (row[len(_FIELDS) :] for row in of_course)
            if first is not None
        ]
        courses.append(CourseDays(pk, str(public_id), pauses, *days))
    return courses


def of_courses(rows: QuerySet[RowT], keys: CourseKeys) -> QuerySet[RowT]:
    """Narrow rows that belong to courses to those of the courses."""
    return rows.filter(course__public_id__in=keys)


class ContactDays(NamedTuple):
    """The days of contact with the citizen (D17) and the failed attempts (D49), by course id, in order."""

    held: dict[int, list[datetime.date]]
    failed: dict[int, list[Attempt]]


@read_once
def contacts(keys: CourseKeys) -> ContactDays:
    """Return the contacts of the courses; one query."""
    days = ContactDays(defaultdict(list), defaultdict(list))
    rows = of_courses(MentorContact.objects.order_by("held_on", "pk"), keys)
    for course, held_on, citizen_present, channel in rows.values_list(
        "course_id", "held_on", "citizen_present", "channel"
    ):
        if citizen_present:
            days.held[course].append(held_on)
        else:
            days.failed[course].append(Attempt(held_on, "" if channel == Channel.UNKNOWN else channel))
    return days


def contact_days(keys: CourseKeys) -> dict[int, list[datetime.date]]:
    """Return the days of contact with the citizen (D17) by course id, in order."""
    return contacts(keys).held


@read_once
def meeting_days(keys: CourseKeys) -> dict[int, list[datetime.date]]:
    """Return the days of the meetings held (D9) by course id, in order; one query."""
    meetings = of_courses(FollowUpMeeting.objects.counting(), keys)
    days = meetings.annotate(day=MEETING_DAY).order_by("day")
    return _by_course(days.values_list("course_id", "day"))


def _by_course(rows: Iterable[tuple[int, datetime.date | None]]) -> dict[int, list[datetime.date]]:
    days: dict[int, list[datetime.date]] = defaultdict(list)
    for course, day in rows:
        if day is not None:
            days[course].append(day)
    return days


class TermsPeriod(NamedTuple):
    """A row of the trial's terms with the days on which it is in force."""

    terms: TrialTerms
    days: DateSpan


@read_once
def terms_periods() -> list[TermsPeriod]:
    """Return the rows of the trial's terms in order; the first counts for the days before it, too."""
    rows = list(TrialTerms.objects.order_by("valid_from"))
    firsts = [datetime.date.min, *(row.valid_from for row in rows[1:])]
    lasts = [*(first - DAY for first in firsts[1:]), None]
    return [
        TermsPeriod(row, DateSpan(first, last)) for row, first, last in zip(rows, firsts, lasts, strict=True)
    ]


def owed_by(
    keys: CourseKeys, kind_code: str, due_dates: Callable[[CourseDays, TrialTerms], Iterable[DueDate]]
) -> Iterator[Owed]:
    """Yield what the courses owe while they run, given what is due of a course by a row of terms.

    Each row of terms counts on its own days. Nothing is shown on the days on which pauses suspend the kind
    (D50).
    """
    periods = terms_periods()
    for course in course_days(keys):
        paused = course.paused(kind_code)
        shown_dates: list[DueDate] = []
        for period in periods:
            within = shown_within(due_dates(course, period.terms), period.days)
            shown_dates += shown_outside(shown_within(within, course.running), paused)
        for due_date in joined(shown_dates):
            yield Owed(course.subject, course.project_id, due_date)


class ContactRule(Protocol):
    """A rule of the weekly contact (D17): what is due in the days of follow-up, given contacts and pauses."""

    def __call__(
        self,
        follow_up: DateSpan,
        contacts: Sequence[datetime.date],
        pauses: Sequence[DateSpan] = (),
        *,
        weekday: int,
    ) -> Iterable[DueDate]: ...


def owed_contacts(keys: CourseKeys, kind_code: str, due_dates: ContactRule) -> Iterator[Owed]:
    """Yield what the courses owe by a rule of the weekly contact."""
    contacts = contact_days(keys)

    def of_course(course: CourseDays, terms: TrialTerms) -> Iterable[DueDate]:
        days, pauses = contacts.get(course.pk, ()), course.paused(kind_code)
        return due_dates(course.follow_up, days, pauses, weekday=terms.contact_weekday)

    return owed_by(keys, kind_code, of_course)
