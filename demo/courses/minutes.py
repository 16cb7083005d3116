"""The demo's meetings: where they are, who came, minutes, and promises of which most are kept.

All of it is invented. The values come from a random generator of their own for each course, so that
the rest of the demo stays as it is.
"""

import datetime
import random
from collections.abc import Iterable

from django.utils import timezone

from cases.models import CITIZEN, CourseFunction, FollowUpMeeting, MeetingDecision, MeetingMinute
from companies.models import Placement, PlacementKind
from demo.courses.history import ATTENDEES, INVITED, CourseHistory
from demo.invented import random_uuid
from demo.words import MINUTES, PLACE_AT_WORK, PLACES, PROMISES, PROMISES_AT_WORK
from demo.workdays import workday_after
from jobfirst.values.dates import DAY

#: The share of the promises that are done, of those whose day has passed.
KEPT_SHARE = 0.85
DECLINED_SHARE = 0.05
DRAFT_SHARE = 0.2
AT_WORK_SHARE = 0.3


def add_minutes(histories: Iterable[CourseHistory]) -> None:
    """Add minutes and promises to the held meetings of the courses, and drafts to some booked ones."""
    for history in histories:
        rng = random.Random(f"minutes {history.course.referral.public_id}")  # noqa: S311 - a demo
        for meeting in list(history.rows[FollowUpMeeting]):
            day = meeting.held_on or timezone.localdate(meeting.planned_at)
            at_work = _is_at_work(history, day)
            meeting.place = PLACE_AT_WORK if at_work and rng.random() < AT_WORK_SHARE else rng.choice(PLACES)
            if meeting.state == "held":
                meeting.summary = ""  # the minutes stand topic by topic
                _add_people(history, meeting, rng)
                _add_minutes(history, meeting, rng, count=rng.randrange(3, 6))
                _add_promises(history, meeting, rng, PROMISES + PROMISES_AT_WORK if at_work else PROMISES)
            elif meeting.state == "booked":
                _add_booking(history, meeting, rng)


def _is_at_work(history: CourseHistory, day: datetime.date) -> bool:
    """Whether the citizen is in an internship on the day; the minutes then tell of the work agreement."""
    placements: list[Placement] = history.rows[Placement]
    return any(item.kind == PlacementKind.INTERNSHIP and day in item.span for item in placements)


def _add_people(history: CourseHistory, meeting: FollowUpMeeting, rng: random.Random) -> None:
    """Add who came beside the citizen: the owner always, the others nearly always, each once."""
    people = {history.people[CourseFunction.COURSE_OWNER]}
    people |= {person for _function, person in history.people.items() if rng.random() < 0.9}
    for person in sorted(people, key=lambda person: person.pk):
        history.rows[ATTENDEES].append(ATTENDEES(followupmeeting=meeting, user=person))


def _add_minutes(history: CourseHistory, meeting: FollowUpMeeting, rng: random.Random, *, count: int) -> None:
    day = meeting.held_on or timezone.localdate(meeting.planned_at)
    topics = [topic for topic in sorted(MINUTES) if topic != "work_agreement" or _is_at_work(history, day)]
    for topic in rng.sample(topics, count):
        minute = MeetingMinute(
            public_id=random_uuid(rng),
            meeting=meeting,
            topic=topic,
            text=rng.choice(MINUTES[topic]),
            written_by=meeting.registered_by,
        )
        history.rows[MeetingMinute].append(minute)


def _add_promises(
    history: CourseHistory,
    meeting: FollowUpMeeting,
    rng: random.Random,
    promises: list[tuple[str, str]],
) -> None:
    held_on = meeting.held_on
    assert held_on is not None  # of a held meeting
    for function, text in rng.sample(promises, rng.randrange(1, 4)):
        due_on = workday_after(held_on + rng.randrange(5, 30) * DAY)
        done_on: datetime.date | None = due_on - rng.randrange(-3, 5) * DAY
        if rng.random() > KEPT_SHARE or (done_on is not None and done_on > history.last_day()):
            done_on = None
        promiser = None if function == CITIZEN else history.people[function]
        history.rows[MeetingDecision].append(
            MeetingDecision(
                public_id=random_uuid(rng),
                course=history.course,
                meeting=meeting,
                text=text,
                function=function,
                promised_by=promiser,
                due_on=due_on,
                registered_by=meeting.registered_by,
                done_on=done_on,
                done_by=None if done_on is None else meeting.registered_by,
            )
        )


def _add_booking(history: CourseHistory, meeting: FollowUpMeeting, rng: random.Random) -> None:
    """Add who is invited to a booked meeting; sometimes a draft, sometimes that the citizen declined."""
    for person in sorted(set(history.people.values()), key=lambda person: person.pk):
        history.rows[INVITED].append(INVITED(followupmeeting=meeting, user=person))
    if rng.random() < DECLINED_SHARE:
        moment = datetime.datetime.combine(history.on, datetime.time(8))
        meeting.cannot_come_at = timezone.make_aware(moment)
    if rng.random() < DRAFT_SHARE:
        _add_minutes(history, meeting, rng, count=1)
