"""Which counts of citizens the agency may be shown, so that no few citizens stand out: plain functions.

A count is small when it is at least 1 and below the limit. Shown figures never give a small count, neither
themselves nor by subtraction:

- a figure from what it is counted among (those who are not in it), and from any other count that holds it;
- the rows (projects) from their total;
- a figure from the same figure at an earlier cut-off (those who have joined or left in between).

This is sound because the figures are a fixed set: breakdowns by row at fixed cut-offs, which nobody can
filter. A 0 is shown, unless the few citizens that it is counted among make it a small count of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

#: More rows than this are not withheld for the sake of a total: the total is withheld in their place.
MOST_EXTRA_ROWS = 2


@dataclass(frozen=True)
class Breakdown:
    """Counts of citizens by row at a cut-off, and what of them is withheld. No citizen is in two rows."""

    counts: Mapping[str, int]
    withheld: frozenset[str] = frozenset()
    is_total_withheld: bool = False

    @property
    def total(self) -> int:
        """The count of all rows together."""
        return sum(self.counts.values())

    @property
    def has_total(self) -> bool:
        """Whether a reader knows the total: it is shown, or every row is."""
        return not self.is_total_withheld or not self.withheld

    def sum_of(self, rows: Iterable[str]) -> int:
        """Return the count of these rows together."""
        return sum(self.counts.get(row, 0) for row in rows)

    def minus(self, other: Breakdown) -> Breakdown:
        """Return the rest of each row without those of `other`; withheld where either is withheld."""
        return Breakdown(
            {row: count - other.counts.get(row, 0) for row, count in self.counts.items()},
            self.withheld | other.withheld,
            self.is_total_withheld or other.is_total_withheld,
        )


def is_small(count: int, limit: int) -> bool:
    """Whether the count, or a difference between two counts, is of few citizens: 1 to limit - 1."""
    return 0 < abs(count) < limit


def share_is_shown(part: int, whole: int, limit: int) -> bool:
    """Whether a share may be shown: neither those in it nor the others are few."""
    return not is_small(part, limit) and not is_small(whole - part, limit)


def withhold(
    counts: Mapping[str, int],
    supersets: Sequence[Breakdown],
    earlier: Sequence[Breakdown] = (),
    *,
    limit: int,
) -> Breakdown:
    """Return the counts with what must be withheld of them.

    1. Primary: withhold a row whose count is small, or the rest of a superset, or the change since an
       earlier cut-off where the row was shown.
    2. Complementary: while the total minus the rows that are shown gives too much away, withhold up to
       `MOST_EXTRA_ROWS` more rows, those with the smallest counts first; else the total, else all of it.

    `supersets` are breakdowns that hold the counted citizens, the first the one that shares are taken of:
    what is withheld there is withheld here. `earlier` are this figure's breakdowns of earlier cut-offs.
    """
    others = (*supersets, *earlier)
    # Without a superset a row might be as large as the total.
    whole = supersets[0] if supersets else Breakdown(dict.fromkeys(counts, sum(counts.values())))
    primary = whole.withheld | {row for row in counts if not _row_is_safe(row, counts[row], others, limit)}
    for is_total_withheld in (False, True):
        for extra in _extra_rows(counts, whole, primary):
            figure = Breakdown(counts, primary | set(extra), is_total_withheld)
            if _is_safe(figure, whole, others, limit) and (whole.has_total or not figure.has_total):
                return figure
    return Breakdown(counts, frozenset(counts), is_total_withheld=True)


def withhold_parts(
    parts: Mapping[str, int], earlier: Sequence[Breakdown] = (), *, limit: int, total_is_known: bool = True
) -> Breakdown:
    """Return the parts of a whole, such as reasons, with those that must be withheld; the total is known.

    All parts are withheld when nothing less keeps the few apart. With `total_is_known` false the parts may
    overlap (several reasons for one citizen) and no total is shown.
    """
    total = sum(parts.values())
    primary = frozenset(
        row
        for row, count in parts.items()
        if not _row_is_safe(row, count, earlier, limit) or (total_is_known and is_small(total - count, limit))
    )
    if not total_is_known:
        return Breakdown(parts, primary, is_total_withheld=True)
    whole = Breakdown(dict.fromkeys(parts, total))
    for extra in _extra_rows(parts, whole, primary):
        figure = Breakdown(parts, primary | set(extra))
        if _is_safe(figure, whole, earlier, limit):
            return figure
    return Breakdown(parts, frozenset(parts))


def _row_is_safe(row: str, count: int, others: Iterable[Breakdown], limit: int) -> bool:
    """Whether neither the row nor its difference from what is shown elsewhere is small."""
    differences = (other.counts.get(row, 0) - count for other in others if row not in other.withheld)
    return not any(is_small(number, limit) for number in chain([count], differences))


def _is_safe(figure: Breakdown, whole: Breakdown, others: Sequence[Breakdown], limit: int) -> bool:
    """Whether the figure gives nothing away by its total, alone or beside the others.

    1. The total is not small, nor the withheld rows together (the total minus the rows that are shown).
    2. Nobody can reckon the count of a withheld row closer than to `limit` possible numbers, knowing the
       count of the withheld rows together and what each is counted among.
    3. For each other figure: the difference is not small for any rows together whose count can be reckoned
       in both. The smallest such groups are enough: more rows add what is shown anyway.
    """
    if figure.has_total and not (
        not is_small(figure.total, limit) and _group_is_uncertain(figure, whole, limit)
    ):
        return False
    return not any(
        is_small(other.sum_of(rows) - figure.sum_of(rows), limit)
        for other in others
        for rows in _common_groups(figure, other)
    )


def _group_is_uncertain(figure: Breakdown, whole: Breakdown, limit: int) -> bool:
    """Whether the withheld rows together leave the count of each open."""
    count = figure.sum_of(figure.withheld)
    wholes = [whole.counts.get(row, 0) for row in figure.withheld]
    among = sum(wholes)
    spans = (min(number, count) - max(0, count - (among - number)) for number in wholes)
    return not is_small(count, limit) and all(
        span >= min(limit - 1, number) for span, number in zip(spans, wholes, strict=True)
    )


def _common_groups(figure: Breakdown, other: Breakdown) -> Iterator[frozenset[str]]:
    """Yield the smallest groups of rows whose count a reader can reckon in both figures, beside the rows
    that are shown: rows that are withheld can be reckoned together, by a total."""
    if figure.has_total and other.has_total:
        yield figure.withheld | other.withheld
        yield frozenset(figure.counts)
    if figure.withheld.isdisjoint(other.withheld):
        if figure.has_total:
            yield figure.withheld
        if other.has_total:
            yield other.withheld


def _extra_rows(
    counts: Mapping[str, int], whole: Breakdown, withheld: frozenset[str]
) -> Iterator[tuple[str, ...]]:
    """Yield the sets of rows that may be withheld beside those that must be: none, one, two and so on."""
    others = sorted(
        (row for row in counts if row not in withheld and whole.counts.get(row, 0)),
        key=lambda row: (counts[row], row),
    )
    for size in range(MOST_EXTRA_ROWS + 1):
        yield from combinations(others, size)
