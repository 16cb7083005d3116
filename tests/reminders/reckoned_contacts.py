"""The contacts with the citizen that are owed on a day, reckoned day by day (`reckoning_by_day`)."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db.models import Max

from accounts.models import TrialTerms
from cases.models import CourseFunction, MentorContact
from cases.rules.weekly_contact import Week, week_of
from jobfirst.values.dates import DAY, DateSpan
from tests.reminders.reckoned_courses import (
    Fact,
    Running,
    Subjects,
    about,
    holders,
    pauses_of,
    project_leaders,
    running,
)


def contact_weeks(follow_up: DateSpan, *, through: datetime.date) -> list[Week]:
    """Return the weeks that need a contact (D17): those whose Monday lies in the follow-up.

    The week of `through` is the last one.
    """
    days = (follow_up.first + number * DAY for number in range((through - follow_up.first).days + 1))
    return [Week(day) for day in days if day.isoweekday() == 1 and day in follow_up]


def missed_weeks(
    follow_up: DateSpan,
    contacts: Collection[datetime.date],
    *,
    on: datetime.date,
    weekday: int,
    pauses: Collection[DateSpan] = (),
) -> tuple[Week, ...]:
    """Return the weeks that are over on the day (their Sunday has passed) without a contact.

    A week of which every day from the weekday to Sunday lies in a pause owes none (D50).
    """
    held = _weeks_with(contacts, on)
    weeks = contact_weeks(follow_up, through=on)
    return tuple(
        week
        for week in weeks
        if week.sunday < on and week not in held and not is_paused(week, pauses, weekday)
    )


def is_paused(week: Week, pauses: Collection[DateSpan], weekday: int) -> bool:
    """Whether every day from the ISO weekday to Sunday lies in one of the pauses."""
    days = (week.monday + number * DAY for number in range(7))
    return all(any(day in pause for pause in pauses) for day in days if day.isoweekday() >= weekday)


def week_due(follow_up: DateSpan, contacts: Collection[datetime.date], *, on: datetime.date) -> Week | None:
    """Return the current week when it needs a contact and has none yet; due on its Sunday."""
    week = week_of(on)
    if week not in contact_weeks(follow_up, through=on) or week in _weeks_with(contacts, on):
        return None
    return week


def first_missed_since_last_contact(
    follow_up: DateSpan,
    contacts: Collection[datetime.date],
    *,
    on: datetime.date,
    weekday: int,
    pauses: Collection[DateSpan] = (),
) -> Week | None:
    """Return the first week missed after the last contact: the start of "weekly contact overdue" (D33).

    None when there has been a contact since the last missed week: a contact closes all earlier misses.
    """
    last = max((day for day in contacts if day <= on), default=None)
    for week in missed_weeks(follow_up, contacts, on=on, weekday=weekday, pauses=pauses):
        if last is None or week.monday > last:
            return week
    return None


def _weeks_with(contacts: Collection[datetime.date], on: datetime.date) -> set[Week]:
    return {week_of(day) for day in contacts if day <= on}


def contact_missing(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33: the mentor, from the terms' weekday (Thursday) of a week without contact, due that Sunday."""
    weekday = TrialTerms.objects.in_force_or_first(on).contact_weekday
    if on.isoweekday() < weekday:
        return
    week = week_of(on)
    contacts: dict[int, list[datetime.date]] = defaultdict(list)
    this_week = MentorContact.objects.counting().filter(held_on__range=(week.monday, on))
    for pk, held_on in about(this_week, subjects).values_list("course_id", "held_on").order_by():
        contacts[pk].append(held_on)
    mentors = holders(on, CourseFunction.MENTOR, subjects=subjects)
    pauses = pauses_of("weekly_contact_missing", subjects)
    for course in running(on, subjects):
        if is_paused(week, pauses[course.pk], weekday):
            continue
        due = week_due(course.follow_up, contacts.get(course.pk, ()), on=on)
        if due is not None:
            yield from (Fact(course.subject, user, due.sunday) for user in mentors.get(course.pk, ()))


def contact_overdue(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33: mentor and course owner, one per course, due on the Sunday of the first week missed since the
    last contact, until the next contact. The last contact is all that needs fetching: weeks before it are
    not asked about."""
    weekday = TrialTerms.objects.in_force_or_first(on).contact_weekday
    until_now = MentorContact.objects.counting().filter(held_on__lte=on).order_by()
    last = dict(about(until_now, subjects).values_list("course_id").annotate(last=Max("held_on")))
    recipients = holders(on, CourseFunction.MENTOR, CourseFunction.COURSE_OWNER, subjects=subjects)
    pauses = pauses_of("weekly_contact_overdue", subjects)
    for course in running(on, subjects):
        contacts = [last[course.pk]] if course.pk in last else []
        week = first_missed_since_last_contact(
            course.follow_up, contacts, on=on, weekday=weekday, pauses=pauses[course.pk]
        )
        if week is not None:
            yield from (Fact(course.subject, user, week.sunday) for user in recipients.get(course.pk, ()))


def failed_rows(
    on: datetime.date, subjects: Subjects
) -> Iterator[tuple[Running, int, list[tuple[datetime.date, set[str]]]]]:
    """The running courses with the number of the terms, and each attempt since the last contact: its day, and
    the channels stated until then."""
    most = TrialTerms.objects.in_force_or_first(on).failed_attempts
    contacts = about(MentorContact.objects.filter(held_on__lte=on), subjects)
    by_course = defaultdict(list)
    for contact in contacts.order_by("held_on", "pk"):
        by_course[contact.course_id].append(contact)
    for course in running(on, subjects):
        rows = by_course.get(course.pk, [])
        reached = [contact.held_on for contact in rows if contact.citizen_present]
        channels: set[str] = set()
        attempts = []
        for contact in rows:
            if not contact.citizen_present and not (reached and contact.held_on <= max(reached)):
                channels = channels | ({contact.channel} - {"unknown"})
                attempts.append((contact.held_on, channels))
        yield course, most, attempts


def other_channel_due(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D49: the mentor, when the attempts in a row have reached the number of the terms by fewer than two
    channels. Due on the day of the attempt that reached it."""
    mentors = holders(on, CourseFunction.MENTOR, subjects=subjects)
    for course, most, attempts in failed_rows(on, subjects):
        if len(attempts) >= most and len(attempts[-1][1]) < 2:
            due = attempts[most - 1][0]
            yield from (Fact(course.subject, user, due) for user in mentors.get(course.pk, ()))


def contact_lost(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D49: the leaders and the course owner, when that many attempts in a row have failed by two channels, or
    twice as many. Due on the day on which that was so first."""
    leaders = project_leaders()
    owners = holders(on, CourseFunction.COURSE_OWNER, subjects=subjects)
    for course, most, attempts in failed_rows(on, subjects):
        days = [
            day
            for number, (day, channels) in enumerate(attempts, 1)
            if (number >= most and len(channels) >= 2) or number >= 2 * most
        ]
        if days:
            recipients = {*leaders.get(course.project, ()), *owners.get(course.pk, ())}
            yield from (Fact(course.subject, user, days[0]) for user in recipients)
