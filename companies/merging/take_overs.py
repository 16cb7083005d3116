"""The take-overs of a company that is put together with another one: they go over to the one that remains."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies.merging.changes import ChangeLog
from companies.models import Company, Succession


def take_overs_of_either(duplicate: Company, remaining: Company) -> list[Succession]:
    """Return the standing take-overs that one of the two has a part in, by day."""
    both = (duplicate, remaining)
    rows = Succession.objects.standing().filter(Q(predecessor__in=both) | Q(successor__in=both))
    return list(rows.select_related("predecessor", "successor").order_by("from_on", "pk"))


def move_take_overs(log: ChangeLog, duplicate: Company, remaining: Company) -> None:
    """Give the duplicate's part in take-overs to the company that remains; withdrawn ones stay."""
    for row in take_overs_of_either(duplicate, remaining):
        ends = _Ends.of(row).with_one_company(duplicate, remaining)
        log.change(row, predecessor_id=ends.predecessor, successor_id=ends.successor)


def take_overs_in_the_way(duplicate: Company, remaining: Company) -> str:
    """Return why the take-overs of the two cannot be those of one company, and how to proceed; else empty.

    1. One took over the other: one company takes over nobody but another one.
    2. Both were taken over: a company is taken over once.
    3. The days of a chain would not rise.
    """
    rows = take_overs_of_either(duplicate, remaining)
    ends = [_Ends.of(row).with_one_company(duplicate, remaining) for row in rows]
    blocking = [row for row, pair in zip(rows, ends, strict=True) if pair.predecessor == pair.successor]
    if blocking:
        text = _(
            "It is recorded that one of the two took over the other: %(take_overs)s. If they are the same "
            "company, withdraw that take-over first; if it is right, they are two companies."
        )
        return text % {"take_overs": _in_words(blocking)}
    taken_over = [row for row, pair in zip(rows, ends, strict=True) if pair.predecessor == remaining.pk]
    if len(taken_over) > 1:
        text = _("Both are recorded as taken over: %(take_overs)s. Withdraw the wrong one of the two first.")
        return text % {"take_overs": _in_words(taken_over)}
    earlier = [
        row
        for row, pair in zip(rows, ends, strict=True)
        if pair.successor == remaining.pk and taken_over and row.from_on >= taken_over[0].from_on
    ]
    if earlier:
        text = _(
            "The company would take over another one after it was itself taken over: %(take_overs)s. "
            "Withdraw the wrong one first."
        )
        return text % {"take_overs": _in_words([*taken_over, *earlier])}
    return ""


class _Ends(NamedTuple):
    """The ids of the companies of a take-over."""

    predecessor: int
    successor: int

    @classmethod
    def of(cls, row: Succession) -> "_Ends":
        """Return those of the row."""
        return cls(row.predecessor_id, row.successor_id)

    def with_one_company(self, duplicate: Company, remaining: Company) -> "_Ends":
        """Return the ends when the duplicate is the one that remains."""
        return _Ends(*(remaining.pk if pk == duplicate.pk else pk for pk in self))


def _in_words(rows: Iterable[Succession]) -> str:
    return "; ".join(
        _("%(old)s by %(new)s on %(day)s")
        % {"old": row.predecessor, "new": row.successor, "day": date_format(row.from_on)}
        for row in rows
    )
