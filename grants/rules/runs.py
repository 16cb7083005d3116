"""Which spells of one citizen join to runs (D28).

Spells join at one company: overlapping, adjoining, or with a hole made only of Saturdays, Sundays and public
holidays (those days then count), or with a hole no longer than the tolerance (those days do not break the
run, and do not count either).

A company that is taken over goes on in its successor: a spell that runs past the take-over is at the
successor from that day. A spell that ended before it and one that begins on the day or later join as well
when they are at the same workplace: the same P-number, or none known for both and all workplaces went over.

Where a take-over is known the runs are reckoned for each line of companies (`CompanyLine`):

1. Take every spell from the day on which its own line is the same company as this one.
2. Two spells are linked when the hole between them can be bridged, and they are at the same company, or the
   take-overs between them may be crossed.
3. Spells that are linked, directly or through others, are a run.
4. A run that lies wholly in that of another line is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from companies.rules.succession import CompanyLine
from grants.rules.values import ClippedSpell, EntitlementTerms, Hole, HoleKind, SpellRun
from jobfirst.values.dates import DAY, DateSpan
from jobfirst.values.working_days import has_working_day


def joined_runs(inside: Iterable[ClippedSpell], terms: EntitlementTerms) -> list[SpellRun]:
    """Return the runs of spells of counting kinds under one row of terms, by company."""
    families: dict[str, list[ClippedSpell]] = defaultdict(list)
    for clipped in inside:
        if clipped.spell.kind in terms.counting_kinds:
            families[clipped.spell.line.last_company].append(clipped)
    runs: list[SpellRun] = []
    for company in sorted(families):
        spells = sorted(families[company], key=_first_day)
        lines = sorted({clipped.spell.line for clipped in spells})
        if not any(line.take_overs for line in lines):
            runs += _folded(lines[0], spells, terms)
            continue
        groups = [(line, linked) for line in lines for linked in _linked(line, spells, terms)]
        runs += _without_parts(run for line, linked in groups for run in _folded(line, linked, terms))
    return runs


def _first_day(clipped: ClippedSpell) -> tuple[date, str, str]:
    return clipped.span.first, clipped.spell.company, str(clipped.spell.id)


def _folded(line: CompanyLine, spells: list[ClippedSpell], terms: EntitlementTerms) -> list[SpellRun]:
    """Return spells in order of their first day, folded into runs where the holes allow it."""
    runs: list[SpellRun] = []
    for clipped in spells:
        if not runs or not _joined(runs[-1], clipped, terms):
            runs.append(SpellRun(line, [clipped.span], [clipped]))
    return runs


def _hole_kind(hole: DateSpan, terms: EntitlementTerms) -> HoleKind | None:
    """Return why the hole does not break a run; None when it does."""
    if terms.bridge_non_working_days and not has_working_day(hole.first, hole.last_day):
        return HoleKind.NON_WORKING
    return HoleKind.TOLERATED if hole.days <= terms.tolerance_days else None


def _joined(run: SpellRun, clipped: ClippedSpell, terms: EntitlementTerms) -> bool:
    """Join the spell to the run if the hole before it allows; return whether it did."""
    hole = DateSpan(run.span.last_day + DAY, clipped.span.first - DAY)
    last = max(run.span.last_day, clipped.span.last_day)
    if hole.is_empty:
        run.stretches[-1] = DateSpan(run.stretches[-1].first, last)
    else:
        kind = _hole_kind(hole, terms)
        if kind is None:
            return False
        if kind is HoleKind.NON_WORKING:
            run.stretches[-1] = DateSpan(run.stretches[-1].first, last)
        else:
            run.stretches.append(clipped.span)
        run.holes.append(Hole(hole, kind))
    run.spells.append(clipped)
    return True


def _linked(
    line: CompanyLine, spells: list[ClippedSpell], terms: EntitlementTerms
) -> Iterator[list[ClippedSpell]]:
    """Yield the spells of a line of companies that belong together, each group in order of first days."""
    groups: list[list[ClippedSpell]] = []
    for later in sorted(_of_line(line, spells), key=_first_day):
        linked = [group for group in groups if any(_links(line, earlier, later, terms) for earlier in group)]
        groups = [group for group in groups if group not in linked]
        groups.append([*(clipped for group in linked for clipped in group), later])
    for group in groups:
        yield sorted(group, key=_first_day)


def _of_line(line: CompanyLine, spells: Iterable[ClippedSpell]) -> Iterator[ClippedSpell]:
    """Yield each spell from the day on which its company is that of the line."""
    for clipped in spells:
        meeting = line.shared_from(clipped.spell.line)
        if meeting is not None and meeting <= clipped.span.last_day:
            first = max(meeting, clipped.span.first)
            yield replace(clipped, span=DateSpan(first, clipped.span.last_day))


def _links(line: CompanyLine, earlier: ClippedSpell, later: ClippedSpell, terms: EntitlementTerms) -> bool:
    """Whether two spells of a line belong together: no hole breaks them, and no take-over between them."""
    hole = DateSpan(earlier.span.last_day + DAY, later.span.first - DAY)
    if not hole.is_empty and _hole_kind(hole, terms) is None:
        return False
    crossed = [
        take_over for take_over in line.take_overs if earlier.span.last_day < take_over.on <= later.span.first
    ]
    if not crossed:
        return True
    if later.spell.starts_on < crossed[0].on:  # it was at the successor before, so at another workplace
        return False
    workplaces = {earlier.spell.workplace, later.spell.workplace}
    return len(workplaces) == 1 and ("" not in workplaces or all(item.all_workplaces for item in crossed))


def _without_parts(runs: Iterable[SpellRun]) -> list[SpellRun]:
    """Return the runs without those whose spells and days another one has as well."""
    largest: list[SpellRun] = []
    for run in runs:
        if not any(_is_part(run, other) for other in largest):
            largest = [other for other in largest if not _is_part(other, run)]
            largest.append(run)
    return largest


def _is_part(run: SpellRun, other: SpellRun) -> bool:
    spans = {clipped.spell.id: clipped.span for clipped in other.spells}
    return all(
        clipped.spell.id in spans
        and spans[clipped.spell.id].first <= clipped.span.first
        and clipped.span.last_day <= spans[clipped.spell.id].last_day
        for clipped in run.spells
    )
