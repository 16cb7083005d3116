"""The values of the measures: the days looked at, what a measure is, a figure, and a row behind it."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.utils.functional import Promise

from jobfirst.values.dates import DAY, WEEK


class Unit(StrEnum):
    """How the value of a figure reads."""

    COUNT = "count"  # the number that counts
    SHARE = "share"  # the number that counts, of all, in percent
    MEAN = "mean"  # the amounts in all, divided by the number of rows
    SUM = "sum"  # the amounts in all, in kroner


@dataclass(frozen=True, slots=True)
class Window:
    """The days looked at: what fell due from `first` to the day before `on`, and what stands on the day `on`.

    What is due on the day itself may still be done that day.
    """

    first: datetime.date
    on: datetime.date

    @classmethod
    def weeks(cls, number: int, on: datetime.date) -> Window:
        """Return the window of so many weeks before the day."""
        return cls(on - number * WEEK, on)

    @property
    def last(self) -> datetime.date:
        """The last day that is over."""
        return self.on - DAY


class LeftOut(NamedTuple):
    """The referrals and courses (with their public ids) of a project's citizens from whom a reader is shut
    out: they are in no figure and no list of the reader's own pages (D51)."""

    referrals: tuple[int, ...] = ()
    courses: tuple[int, ...] = ()
    subjects: tuple[str, ...] = ()


NOBODY_LEFT_OUT = LeftOut()


@dataclass(frozen=True, slots=True)
class Source:
    """A SELECT with its parameters, of the columns `COLUMNS` in that order; a row for each thing counted.

    `project` and `course` are ids, `day` is when it fell due or since when it is so, `counts` whether it
    counts in the numerator, `amount` a number beside it or null, `note` a code that says more.
    """

    sql: str
    parameters: dict[str, Any] = field(default_factory=dict)
    #: Whether it has a further column `referral`, for citizens who have no course.
    has_referral: bool = False


#: The columns of a source.
COLUMNS = ("project", "course", "day", "counts", "amount", "note")


@dataclass(frozen=True)
class Measure:
    """What is measured: its words for people, how its value reads, and where its rows come from.

    `numerator` and `denominator` are plain sentences; the definitions are the project's own choice where the
    sources are silent, and said to be so where they are shown. `counts_are_good` says whether a high value is
    what one wants.
    """

    code: str
    label: str | Promise
    definition: str | Promise
    numerator: str | Promise
    denominator: str | Promise
    unit: Unit
    source: Callable[[Window], Source]
    counts_are_good: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """The figure of a project: how many rows count, how many there are, the sum of their amounts, and how
    many there are with each note."""

    counted: int = 0
    rows: int = 0
    amount: Decimal = Decimal(0)
    by_note: Mapping[str, int] = field(default_factory=dict)

    def value(self, unit: Unit) -> Decimal | None:
        """Return the value as the unit reads; a share or a mean of nothing is None."""
        if unit is Unit.COUNT:
            return Decimal(self.counted)
        if unit is Unit.SUM:
            return self.amount
        if not self.rows:
            return None
        return (Decimal(100 * self.counted) if unit is Unit.SHARE else self.amount) / self.rows

    def __add__(self, other: Figure) -> Figure:
        """Return the figure of both together."""
        notes = Counter(self.by_note) + Counter(other.by_note)
        return Figure(self.counted + other.counted, self.rows + other.rows, self.amount + other.amount, notes)


@dataclass(frozen=True, slots=True)
class CountedRow:
    """A row behind a figure."""

    course: int | None
    day: datetime.date | None
    counts: bool
    amount: Decimal | None
    note: str
    referral: int | None = None
