"""What is doubtful about the placements that events of the grant rest on (D58).

Plain functions over plain values. The measures are the project's own choice, since the sources name the four
sorts of doubt and no limits:

- **Unsigned agreement**: the placement needs a work agreement, and no version of it is signed by all.
- **Unconfirmed end**: a completion rests on a placement whose planned last day has passed, and nobody has
  registered the last day or renewed it.
- **Pending correction**: the company has reported an early stop before the completion, or an absence on days
  that count, and nobody has accepted or refused the report.
- **Absence**: a completion rests on weeks with days of absence, or a start on a week in which the citizen was
  never present.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from grants.rules.values import GrantEvent, GrantEventKind
from jobfirst.values.dates import DAY, DateSpan

WEEK_OF_DAYS = 6 * DAY


class DoubtKind(StrEnum):
    """The sorts of doubt, in the order in which they are listed."""

    UNSIGNED_AGREEMENT = "unsigned_agreement"
    UNCONFIRMED_END = "unconfirmed_end"
    PENDING_CORRECTION = "pending_correction"
    ABSENCE = "absence"


class WaitingReport(NamedTuple):
    """A company's report that nobody has decided on; an early stop has no first day."""

    first_on: date | None
    last_on: date


class AbsentWeek(NamedTuple):
    """A week with days of absence: its Monday, and the days present, absent, and not shown up."""

    monday: date
    present: int
    absent: int
    no_show: int

    @property
    def span(self) -> DateSpan:
        """The days of the week."""
        return DateSpan(self.monday, self.monday + WEEK_OF_DAYS)


@dataclass(frozen=True, slots=True)
class DoubtedPlacement:
    """What is known of a placement that an event may rest on."""

    starts_on: date
    planned_end_on: date | None
    ended_on: date | None
    needs_agreement: bool
    is_signed: bool
    is_renewed: bool
    reports: tuple[WaitingReport, ...] = ()
    weeks: tuple[AbsentWeek, ...] = ()


@dataclass(frozen=True, slots=True)
class DoubtAbout:
    """What is doubtful: the sort, the day it is about, and of absence the numbers of days.

    `details` tells apart what has the same day and numbers: the first day of a report, the weeks of absence.
    """

    kind: DoubtKind
    day: date
    days: int = 0
    no_show: int = 0
    details: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A doubt about a placement, with the events that rest on it."""

    about: DoubtAbout
    placement_id: int
    events: tuple[GrantEventKind, ...]

    @property
    def facts(self) -> str:
        """What an answer is given to: an answer to other facts answers nothing."""
        about = self.about
        details = hashlib.sha256(about.details.encode()).hexdigest()[:12]
        return f"{about.day.isoformat()} {about.days} {about.no_show} {details} {'+'.join(self.events)}"


def doubts_of(
    events: Sequence[GrantEvent], placements: Mapping[int, DoubtedPlacement], as_of: date
) -> list[Doubt]:
    """Return the doubts about the events of a citizen, by sort and placement. `as_of` is the day before
    which an end should be registered: the earlier of today and the day after the cut-off."""
    kinds: dict[tuple[int, DoubtAbout], list[GrantEventKind]] = {}
    for event in events:
        for placement_id in event.spell_ids:
            facts = placements.get(placement_id)
            for about in _of_event(event, facts, as_of) if facts else ():
                of_doubt = kinds.setdefault((placement_id, about), [])
                if event.kind not in of_doubt:  # two reports may say the same
                    of_doubt.append(event.kind)
    doubts = [Doubt(about, placement_id, tuple(of)) for (placement_id, about), of in kinds.items()]
    order = list(DoubtKind)
    return sorted(doubts, key=lambda doubt: (order.index(doubt.about.kind), doubt.placement_id, doubt.facts))


def _of_event(event: GrantEvent, facts: DoubtedPlacement, as_of: date) -> Iterator[DoubtAbout]:
    if facts.needs_agreement and not facts.is_signed:
        yield DoubtAbout(DoubtKind.UNSIGNED_AGREEMENT, facts.starts_on)
    counted = DateSpan(event.counted_from, event.on)
    if event.kind is GrantEventKind.COMPLETION:
        planned = facts.planned_end_on
        if planned and planned < as_of and not facts.ended_on and not facts.is_renewed:
            yield DoubtAbout(DoubtKind.UNCONFIRMED_END, planned)
        yield from _absence(facts, counted)
    else:
        counted = DateSpan(event.on, event.on)
        yield from _never_present(facts, event.on)
    for report in facts.reports:
        if _touches(report, counted):
            yield DoubtAbout(DoubtKind.PENDING_CORRECTION, report.last_on, details=str(report.first_on))


def _touches(report: WaitingReport, counted: DateSpan) -> bool:
    """Whether the report, once accepted, would change or explain days that count."""
    if report.first_on is None:
        return report.last_on < counted.last_day
    return DateSpan(report.first_on, report.last_on).overlaps(counted)


def _absence(facts: DoubtedPlacement, counted: DateSpan) -> Iterator[DoubtAbout]:
    weeks = [week for week in facts.weeks if week.span.overlaps(counted)]
    if weeks:
        yield DoubtAbout(
            DoubtKind.ABSENCE,
            max(week.monday for week in weeks),
            sum(week.absent for week in weeks),
            sum(week.no_show for week in weeks),
            " ".join(f"{week.monday} {week.present} {week.absent} {week.no_show}" for week in weeks),
        )


def _never_present(facts: DoubtedPlacement, day: date) -> Iterator[DoubtAbout]:
    for week in facts.weeks:
        if day in week.span and not week.present:
            yield DoubtAbout(DoubtKind.ABSENCE, week.monday, week.absent, week.no_show)
