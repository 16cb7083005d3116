"""Publishing the figures of every month that is over, once and in their order."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db import transaction

from accounts.models import Project, TrialTerms
from evaluation.publication import plan
from evaluation.publication.counting import CutOffCounts, count_cut_off
from evaluation.publication.due import due_cut_offs
from evaluation.publication.models import TOTAL, Publication, PublishedFigure
from evaluation.publication.withholding import WithheldMeasure, withhold_measures, withhold_reasons
from evaluation.rules.suppression import Breakdown
from jobfirst.database.advisory_locks import LockKey, lock


def publish_due(on: datetime.date) -> int:
    """Publish the figures of the cut-offs before the day that have not been published; return how many.

    Idempotent. The first time the last two years are published; after that nothing is added before what has
    been published, since the later figures were chosen without it.
    """
    if not due_cut_offs(on):
        return 0
    with transaction.atomic():
        lock(LockKey.PUBLICATION)
        days = due_cut_offs(on)
        for cut_off in days:
            _publish(cut_off)
    return len(days)


def _publish(cut_off: datetime.date) -> None:
    projects = list(Project.objects.order_by("slug"))
    limit = TrialTerms.objects.in_force_or_first(cut_off).smallest_count
    counts = count_cut_off(projects, cut_off)
    earlier = _earlier_breakdowns()
    publication = Publication.objects.create(cut_off=cut_off, smallest_count=limit)
    rows = [
        *_drawn_rows(publication, counts),
        *_measure_rows(publication, counts, withhold_measures(counts, earlier, limit)),
        *_reason_rows(publication, withhold_reasons(counts, earlier, limit)),
    ]
    PublishedFigure.objects.bulk_create(rows)


def _earlier_breakdowns() -> dict[str, list[Breakdown]]:
    """Return all published breakdowns by the code of their count, the oldest first; one query."""
    figures = PublishedFigure.objects.order_by("publication__cut_off").values_list(
        *("publication_id", "measure", "row", "counted", "rows", "is_withheld", "is_whole_withheld")
    )
    counts: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    withheld: dict[tuple[str, int], set[str]] = defaultdict(set)
    for publication, measure, row, counted, whole, is_withheld, is_whole_withheld in figures:
        for code, number, is_row_withheld in (
            (measure, counted, is_withheld),
            (plan.whole(measure), whole, is_whole_withheld),
        ):
            if row != TOTAL:
                counts[code, publication][row] = number
            if is_row_withheld:
                withheld[code, publication].add(row)
    breakdowns: dict[str, list[Breakdown]] = defaultdict(list)
    for (code, publication), numbers in counts.items():
        rows = withheld[code, publication]
        breakdowns[code].append(Breakdown(numbers, frozenset(rows - {TOTAL}), TOTAL in rows))
    return breakdowns


def _drawn_rows(publication: Publication, counts: CutOffCounts) -> Iterator[PublishedFigure]:
    drawn = counts.measures[plan.DRAWN.code]
    nothing_withheld = WithheldMeasure(Breakdown(drawn.counted), Breakdown(drawn.rows))
    yield from _measure_rows(publication, counts, {plan.DRAWN.code: nothing_withheld})


def _measure_rows(
    publication: Publication, counts: CutOffCounts, measures: dict[str, WithheldMeasure]
) -> Iterator[PublishedFigure]:
    for code, withheld in measures.items():
        counted, whole = withheld.counted, withheld.whole
        amounts = counts.measures[code].amounts
        for row in counted.counts:
            yield PublishedFigure(
                publication=publication,
                measure=code,
                row=row,
                counted=counted.counts[row],
                rows=whole.counts[row],
                amount=amounts[row],
                is_withheld=row in counted.withheld,
                is_whole_withheld=row in whole.withheld,
            )
        yield PublishedFigure(
            publication=publication,
            measure=code,
            row=TOTAL,
            counted=counted.total,
            rows=whole.total,
            amount=sum(amounts.values(), Decimal(0)),
            is_withheld=not counted.has_total,
            is_whole_withheld=not whole.has_total,
        )


def _reason_rows(publication: Publication, reasons: dict[str, Breakdown]) -> Sequence[PublishedFigure]:
    return [
        PublishedFigure(
            publication=publication,
            measure=code,
            row=reason,
            counted=number,
            rows=breakdown.total,
            is_withheld=reason in breakdown.withheld,
            is_whole_withheld=reason in breakdown.withheld,
        )
        for code, breakdown in reasons.items()
        for reason, number in breakdown.counts.items()
    ]
