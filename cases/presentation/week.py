"""The mentor's week: the content of each citizen's card (D17)."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from cases.models import Course, MentorContact
from cases.rules import weekly_contact
from cases.rules.weekly_contact import Week

LATE, DUE, DONE, FREE = "late", "due", "done", "free"
ORDER = (LATE, DUE, DONE, FREE)


@dataclass(frozen=True)
class WeekCard:
    """A citizen on the mentor's page: what is due this week, and what has been registered."""

    course: Course
    state: str
    missed_since: Week | None
    last: MentorContact | None
    today: MentorContact | None
    submission: uuid.UUID


def week_card(course: Course, on: datetime.date) -> WeekCard:
    """Return the card of a course on a day (D17); its contacts must be ordered newest first."""
    contacts = [contact for contact in course.contacts.all() if contact.held_on <= on]
    counting = [contact for contact in contacts if contact.citizen_present]
    days = [contact.held_on for contact in counting]
    missed = weekly_contact.first_missed_since_last_contact(course.follow_up, days, on=on)
    if missed is not None:
        state = LATE
    elif weekly_contact.week_due(course.follow_up, days, on=on) is not None:
        state = DUE
    else:
        state = DONE if any(day in weekly_contact.week_of(on) for day in days) else FREE
    return WeekCard(
        course=course,
        state=state,
        missed_since=missed,
        last=counting[0] if counting else None,
        today=next((contact for contact in contacts if contact.held_on == on), None),
        submission=uuid.uuid4(),
    )


def count_lacking(cards: Iterable[WeekCard]) -> int:
    """Return how many citizens lack this week's contact or an earlier one."""
    return sum(card.state in (LATE, DUE) for card in cards)
