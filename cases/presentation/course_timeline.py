"""The timeline of a course with its gaps, as a picture and in words."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import TrialTerms
from cases import extension_points
from cases.gaps import gap_days, gaps_around
from cases.models import Course, CoursePause
from cases.presentation import timeline
from cases.presentation.pauses import pause_bars
from cases.presentation.phases import PHASE_WORDS
from cases.presentation.timeline_svg import drawing
from cases.rules import phases
from cases.rules.gaps import Gap
from jobfirst.kit.days import written_day
from jobfirst.values.dates import DAY, DateSpan


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """A phase, a bar or a gap of the timeline in words, with its days."""

    what: str
    span: DateSpan


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


def timeline_rows(lines: Iterable[TimelineLine]) -> SafeString:
    """Return the lines as rows of a table. In Python: as a template they take four times as long."""
    headings = {"what": _("What"), "first": _("From"), "last": _("To")}
    row = format_html(
        '<tr><td data-title="{what}">{{}}</td><td data-title="{first}">{{}}</td>'
        '<td data-title="{last}">{{}}</td></tr>',
        **headings,
    )
    onwards = _("onwards")
    return format_html_join("", row, ((line.what, *_days(line.span, onwards)) for line in lines))


def _days(span: DateSpan, onwards: str) -> tuple[str, str]:
    return written_day(span.first), written_day(span.last) if span.last else onwards


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
        "timeline_rows": timeline_rows(timeline_lines(spans, bars, course_gaps)),
        "gap_days": days,
        "paused_gap_days": gap_days(course, work, on) - days if pauses else 0,
        # Past gaps are counted; gaps to warn of begin today at the earliest.
        "gaps_ahead": [
            DateSpan(max(gap.span.first, on), gap.span.last)
            for gap in course_gaps
            if gap.span.overlaps(DateSpan(on + DAY))
        ],
    }
