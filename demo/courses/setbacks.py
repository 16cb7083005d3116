"""What does not go to plan in the demo: a citizen who cannot be reached, a pause, mails that come back.

Each project's first two mentors have one each. No random numbers are used: the rest stays as it is.
"""

import datetime
import uuid
from collections import Counter
from collections.abc import Iterable

from accounts.models import User
from accounts.people import addresses
from cases.actions.pauses import suspended_by_default
from cases.models import CourseFunction, CoursePause, MentorContact
from demo.courses.history import CourseHistory
from demo.people.teams import Team
from demo.workdays import workday_before
from jobfirst.values.dates import DAY

#: The last attempts: days ago, channel, outcome.
ATTEMPTS = (
    (9, "phone", "no_answer"),
    (7, "phone", "no_answer"),
    (4, "phone", "no_answer"),
    (2, "message", "no_answer"),
)
SILENT_DAYS = 14


def add_setbacks(histories: Iterable[CourseHistory], on: datetime.date, courses_seen: Counter[str]) -> None:
    """Let the first running course of each project's first mentor lose touch, and that of the second pause.

    `courses_seen` counts the courses by mentor over all batches.
    """
    for history in histories:
        course = history.course
        mentor = history.people[CourseFunction.MENTOR]
        first, second, *_others = history.team.staff[CourseFunction.MENTOR]
        is_settled = course.ended_on is None and course.started_on + 30 * DAY <= on
        is_followed_up = course.retention_until is None or course.retention_until > on
        if not is_settled or not is_followed_up or mentor not in (first, second):
            continue
        courses_seen[mentor.email] += 1
        if courses_seen[mentor.email] > 1:
            continue
        if mentor == first:
            lose_touch(history, on, mentor)
        else:
            pause(history, on, mentor)


def lose_touch(history: CourseHistory, on: datetime.date, mentor: User) -> None:
    """Replace the contacts of the last two weeks by failed attempts (D49)."""
    contacts = history.rows[MentorContact]
    contacts[:] = [contact for contact in contacts if contact.held_on <= on - SILENT_DAYS * DAY]
    for days_ago, channel, outcome in ATTEMPTS:
        contacts.append(
            MentorContact(
                public_id=uuid.uuid5(history.course.referral.public_id, f"attempt {days_ago}"),
                course=history.course,
                held_on=workday_before(on - days_ago * DAY),
                citizen_present=False,
                channel=channel,
                outcome=outcome,
                registered_by=mentor,
            )
        )


def pause(history: CourseHistory, on: datetime.date, mentor: User) -> None:
    """Let the course pause for treatment, since a week and for three more (D50)."""
    contacts = history.rows[MentorContact]
    first = on - 7 * DAY
    contacts[:] = [contact for contact in contacts if contact.held_on < first]
    history.rows[CoursePause].append(
        CoursePause(
            public_id=uuid.uuid5(history.course.referral.public_id, "pause"),
            course=history.course,
            kind="treatment",
            starts_on=first,
            ends_on=on + 21 * DAY,
            reason="Aftalt på opfølgningsmødet.",
            suspended=suspended_by_default(),
            registered_by=mentor,
        )
    )


def return_mails(teams: Iterable[Team], at: datetime.datetime) -> None:
    """Let the mails to each project's first mentor come back (D52)."""
    for team in teams:
        mentor = team.staff[CourseFunction.MENTOR][0]
        addresses.note_returned_mail(mentor, address=mentor.email, status="5.1.1", at=at)
