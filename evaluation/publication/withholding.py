"""What of a cut-off's counts is withheld, by the plan and all earlier publications: no queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.publication import plan
from evaluation.publication.counting import CutOffCounts
from evaluation.rules.suppression import Breakdown, withhold, withhold_parts

#: The earlier breakdowns of a count by its code, the oldest first.
Earlier = Mapping[str, Sequence[Breakdown]]


@dataclass(frozen=True)
class WithheldMeasure:
    """What of a measure is withheld: of the count, and of what it is counted among."""

    counted: Breakdown
    whole: Breakdown


def withhold_measures(counts: CutOffCounts, earlier: Earlier, limit: int) -> dict[str, WithheldMeasure]:
    """Return the measures of the plan with what is withheld of each.

    1. The whole comes first: all courses that have begun are public, others are counts of their own.
    2. Then the count, which is inside the whole and inside whatever the plan names.
    """
    begun = Breakdown(counts.measures[plan.DROP_OUT].rows)
    known = {plan.BEGUN: begun}
    measures = {}
    for published in plan.PLAN:
        numbers = counts.measures[published.code]
        past: Earlier = {} if published.is_of_month else earlier
        of = plan.whole(published.code)
        if published.whole_inside is None:
            whole = begun
        else:
            inside = [known[code] for code in published.whole_inside]
            # A whole of a running month's courses stands on the day, whatever is counted among it.
            whole = withhold(numbers.rows, inside, earlier.get(of, ()) if inside else (), limit=limit)
        others = [known[code] for code in published.inside]
        counted = withhold(numbers.counted, [whole, *others], past.get(published.code, ()), limit=limit)
        known |= {of: whole, published.code: counted} | _rests(published.code, begun, whole, counted)
        measures[published.code] = WithheldMeasure(counted, whole)
    return measures


def _rests(code: str, begun: Breakdown, whole: Breakdown, counted: Breakdown) -> dict[str, Breakdown]:
    """Return what a reader can reckon by subtracting from all courses that have begun, by its code."""
    if plan.whole(code) == plan.RUNNING:
        return {plan.ENDED: begun.minus(whole)}
    if code == plan.DROP_OUT:
        return {plan.NOT_ENDED_EARLY: begun.minus(counted)}
    if code.startswith("element_"):
        return {plan.NOT_MET.format(code.removeprefix("element_")): begun.minus(counted)}
    return {}


def withhold_reasons(counts: CutOffCounts, earlier: Earlier, limit: int) -> dict[str, Breakdown]:
    """Return the reasons of the whole trial with what is withheld of them."""
    return {
        code: withhold_parts(
            parts, earlier.get(code, ()), limit=limit, total_is_known=code == plan.END_REASON
        )
        for code, parts in counts.parts.items()
    }
