"""Parts of the course page: functions, follow-up, and the timeline with its gaps."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import TrialTerms
from cases import extension_points
from cases.gaps import gap_days, gaps_around
from cases.models import (
    Course,
    CourseFunction,
    CoursePause,
    FunctionHolding,
    HandoverNote,
    MentorContact,
)
from cases.presentation import timeline
from cases.presentation.deadlines import unsettled_deadlines
from cases.presentation.pauses import pause_bars
from cases.presentation.phases import PHASE_WORDS
from cases.presentation.timeline_svg import drawing
from cases.rules import phases
from cases.rules.gaps import Gap
from jobfirst.dates import DAY, EARLIEST, DateSpan
from jobfirst.extension_points import role_choices
from reminders.extension_points import find_kind
from reminders.models import Deadline


@dataclass(frozen=True)
class FunctionEntry:
    """One of the four functions: the holder on the day, and the earlier and later ones (D8)."""

    function: CourseFunction
    holder: FunctionHolding | None
    others: Sequence[FunctionHolding]

    @property
    def newest(self) -> FunctionHolding | None:
        """The holding that begins last: the holder's, or one that is handed over already."""
        holdings = [*self.others, *([self.holder] if self.holder else [])]
        return max(holdings, key=lambda holding: holding.from_on, default=None)

    @property
    def note(self) -> HandoverNote | None:
        """The hand-over note of the newest holding (D57)."""
        return getattr(self.newest, "handover_note", None)

    @property
    def lacks_note(self) -> bool:
        """Whether the function has changed hands without a note."""
        newest = self.newest
        return self.note is None and any(
            holding.from_on < newest.from_on and holding.user_id != newest.user_id
            for holding in self.others
            if newest is not None
        )


def unread_notes(
    entries: Sequence[FunctionEntry], mine: Collection[str], on: datetime.date, terms: TrialTerms
) -> list[FunctionEntry]:
    """Return the functions in `mine` whose hand-over note stands first on the page (D57): it is for the
    holder on the day, who has not read it, and not older than the terms say."""
    return [
        entry
        for entry in entries
        if entry.function in mine
        and entry.note is not None
        and entry.holder is not None
        and entry.holder is entry.newest
        and entry.note.read_by_id is None
        and on <= entry.holder.from_on + terms.handover_note_days * DAY
    ]


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """A phase, a bar or a gap of the timeline in words, with its days."""

    what: str
    span: DateSpan


def functions(course: Course, on: datetime.date) -> list[FunctionEntry]:
    """Return the four functions on the day."""
    entries = []
    for function in CourseFunction:
        holdings = [holding for holding in course.holdings.all() if holding.function == function]
        holder = next((holding for holding in holdings if on in holding.span), None)
        entries.append(
            FunctionEntry(function, holder, [holding for holding in holdings if holding is not holder])
        )
    return entries


@dataclass(frozen=True)
class AttentionLine:
    """A deadline of the course that is shown on the day: what it asks for, when, of whom, and where."""

    label: str | Promise
    due_on: datetime.date
    is_overdue: bool
    functions: str
    path: str


def attention(deadlines: Iterable[Deadline], on: datetime.date) -> list[AttentionLine]:
    """Return the deadlines that are shown on the day (D33), the oldest first."""
    names = dict(role_choices())
    lines = []
    for row in deadlines:
        kind, due_on = find_kind(row.kind), row.due_date.on(on)
        if kind is not None and due_on is not None:
            lines.append(
                AttentionLine(
                    label=kind.label,
                    due_on=due_on,
                    is_overdue=due_on < on,
                    functions=", ".join(str(names[function]) for function in row.functions),
                    path=kind.link(row.subject),
                )
            )
    return sorted(lines, key=lambda line: line.due_on)


def follow_up(course: Course, on: datetime.date, terms: TrialTerms) -> dict[str, Any]:
    """Return what is due, the meetings, and how long contacts are owed (D17, D18); one query."""
    deadlines = unsettled_deadlines([course], on)[course.pk]
    meetings_due = [row.due_on for row in deadlines if row.kind == "meeting_overdue"]
    return {
        "attention": attention(deadlines, on),
        "window_end": course.follow_up_until,
        "meetings": list(course.meetings.all()),
        "meeting_due": min(meetings_due, default=None),
        "sniffing_weeks": terms.sniffing_weeks,
    }


def attempts_in_row(contacts: Iterable[MentorContact], on: datetime.date) -> int:
    """Return how many attempts have failed since the last contact with the citizen, up to the day (D49)."""
    reached = [contact.held_on for contact in contacts if contact.citizen_present and contact.held_on <= on]
    last = max(reached, default=EARLIEST)
    return sum(not contact.citizen_present and last < contact.held_on <= on for contact in contacts)


def timeline_lines(
    spans: Iterable[phases.PhaseSpan], bars: Iterable[timeline.TimelineBar], course_gaps: Iterable[Gap]
) -> list[TimelineLine]:
    """Return the timeline in words: the phases, what fills the days, and the gaps."""
    phase_word = _("Phase")
    return [
        *(TimelineLine(f"{phase_word}: {PHASE_WORDS[phase.phase]}", phase.span) for phase in spans),
        *(TimelineLine(bar.label, bar.span) for bar in bars),
        *(TimelineLine(_gap_words(gap), gap.span) for gap in course_gaps),
    ]


def _gap_words(gap: Gap) -> str:
    return ngettext(
        "Gap: %(days)s working day with nothing planned",
        "Gap: %(days)s working days with nothing planned",
        gap.working_days,
    ) % {"days": gap.working_days}


def picture(
    course: Course, on: datetime.date, terms: TrialTerms, pauses: Sequence[CoursePause] = ()
) -> dict[str, Any]:
    """Return the timeline, the past gaps, and the gaps of the next two weeks (D22).

    A pause explains the gaps in it (D50): they are not counted, but their number is told.
    """
    work = extension_points.bars_of(course)
    bars = sorted([*work, *pause_bars(course, pauses)], key=lambda bar: bar.span.first)
    course_gaps = gaps_around(course, bars, on)
    days = gap_days(course, bars, on)
    spans = phases.spans(course.transitions)
    picture = timeline.draw(
        spans,
        bars,
        course_gaps,
        names={str(phase): str(words) for phase, words in PHASE_WORDS.items()},
        today=on,
        started_on=course.started_on,
        weeks=terms.sniffing_weeks,
        gap_label=_("Nothing planned"),
    )
    return {
        "picture": picture,
        "drawing": drawing(picture),
        "timeline_lines": timeline_lines(spans, bars, course_gaps),
        "gap_days": days,
        "paused_gap_days": gap_days(course, work, on) - days if pauses else 0,
        # Past gaps are counted; gaps to warn of begin today at the earliest.
        "gaps_ahead": [
            DateSpan(max(gap.span.first, on), gap.span.last)
            for gap in course_gaps
            if gap.span.overlaps(DateSpan(on + DAY))
        ],
    }
