"""The mentor's week: the content of each citizen's card (D17)."""

import datetime
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from cases.models import Course, CourseFunction, MentorContact
from cases.presentation.deadlines import DeadlineLine, due_lines, due_on_day, unsettled_deadlines
from cases.presentation.pauses import fetched_pauses, pause_words, running_pause
from cases.presentation.start import is_starting
from cases.rules.weekly_contact import Week, week_of
from jobfirst.values.danish_order import danish_key
from reminders.models import Deadline

LATE, DUE, DONE, FREE, PAUSED = "late", "due", "done", "free", "paused"
ORDER = (LATE, DUE, DONE, FREE, PAUSED)
CONTACT_KINDS = ("weekly_contact_missing", "weekly_contact_overdue")  # the state of the card tells of them


@dataclass(frozen=True)
class WeekCard:
    """A citizen on the mentor's page: what is due this week, and what has been registered.

    `today` is today's contact with the citizen, `attempt` today's last attempt without. `tasks` is what
    else is due from the mentor.
    """

    course: Course
    state: str
    missed_since: Week | None
    last: MentorContact | None
    today: MentorContact | None
    attempt: MentorContact | None
    attempts_in_row: int
    pause: str  # until when the course is paused, in words; empty when it is not
    tasks: Sequence[DeadlineLine]
    is_starting: bool  # whether something of the start is missing
    submission: uuid.UUID


def week_cards(courses: Collection[Course], on: datetime.date) -> list[WeekCard]:
    """Return the cards of the courses on a day (D17), those who lack a contact first; three queries.

    Reads the courses' pauses (`with_pauses`) and their start (`with_start_answers`).
    """
    deadlines = unsettled_deadlines(courses, on)
    contacts = _last_contacts(courses, on)
    attempts = Counter(
        MentorContact.objects.filter(course__in=courses)
        .failed_in_row(on)
        .values_list("course_id", flat=True)
        .order_by()
    )
    cards = []
    for course in courses:
        last = contacts.get((course.pk, True))
        newest = {present: contacts.get((course.pk, present)) for present in (True, False)}
        today = {
            present: contact if contact is not None and contact.held_on == on else None
            for present, contact in newest.items()
        }
        pause = running_pause(fetched_pauses(course), on)
        missed = due_on_day(deadlines[course.pk], "weekly_contact_overdue", on)
        cards.append(
            WeekCard(
                course=course,
                state=_state(deadlines[course.pk], missed, last, pause is not None, on),
                missed_since=None if missed is None else week_of(missed),
                last=last,
                today=today[True],
                attempt=today[False],
                attempts_in_row=attempts[course.pk],
                pause="" if pause is None else pause_words(pause, with_kind=False),
                tasks=due_lines(_other_tasks(deadlines[course.pk]), on),
                is_starting=is_starting(course),
                submission=uuid.uuid4(),
            )
        )
    return sorted(cards, key=lambda card: (ORDER.index(card.state), danish_key(card.course.citizen_name)))


def _last_contacts(courses: Collection[Course], on: datetime.date) -> dict[tuple[int, bool], MentorContact]:
    """Return each course's last contact with the citizen, and its last attempt, until the day."""
    contacts = (
        MentorContact.objects.filter(course__in=courses, held_on__lte=on)
        .order_by("course_id", "citizen_present", "-held_on", "-pk")
        .distinct("course_id", "citizen_present")
    )
    return {(contact.course_id, contact.citizen_present): contact for contact in contacts}


def count_lacking(cards: Iterable[WeekCard]) -> int:
    """Return how many citizens lack this week's contact or an earlier one."""
    return sum(card.state in (LATE, DUE) for card in cards)


def has_contact_with_all(cards: Iterable[WeekCard]) -> bool:
    """Whether every citizen has had this week's contact; not merely needed none."""
    return all(card.state == DONE for card in cards)


def _other_tasks(deadlines: Iterable[Deadline]) -> list[Deadline]:
    """Return what the mentor is the first to act on, the weekly contact left out."""
    return [
        row
        for row in deadlines
        if row.functions[0] == CourseFunction.MENTOR and row.kind not in CONTACT_KINDS
    ]


def _state(
    deadlines: Iterable[Deadline],
    missed: datetime.date | None,
    last: MentorContact | None,
    is_paused: bool,
    on: datetime.date,
) -> str:
    week = week_of(on)
    if missed is not None:
        return LATE
    for row in deadlines:
        if row.kind == "weekly_contact_missing" and any(
            not occurrence.is_settled_on(on) for occurrence in row.due_date.occurrences(week.span)
        ):
            return DUE
    if last is not None and last.held_on in week:
        return DONE
    return PAUSED if is_paused else FREE
