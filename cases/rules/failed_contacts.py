"""Failed attempts to reach the citizen, in a row since the last contact (D49).

An attempt is a contact of the mentor without the citizen. A row ends with the next contact with the citizen;
an attempt on the day of a contact belongs to no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from jobfirst.values.dates import DAY, DateSpan


class Attempt(NamedTuple):
    """An attempt on a day; `channel` is empty when it is not stated."""

    day: date
    channel: str


@dataclass(frozen=True)
class AttemptRow:
    """The attempts between two contacts, in order; `until` is the day before the next contact (None: none
    yet)."""

    attempts: Sequence[Attempt]
    until: date | None

    def other_channel_due(self, most: int) -> DateSpan | None:
        """Return the days on which another channel is due: from attempt number `most` by fewer than two
        channels, until another one is tried; None when there are no such days."""
        begins = self._day_of(most)
        other = self._other_channel_on()
        return None if begins is None else self._span(begins, None if other is None else other - DAY)

    def lost(self, most: int) -> DateSpan | None:
        """Return the days on which contact counts as lost; None when there are none.

        From the day on which `most` attempts are made and two channels are tried, or on which twice as many
        are made, by whatever channel.
        """
        enough, twice, other = self._day_of(most), self._day_of(2 * most), self._other_channel_on()
        by_two_channels = None if enough is None or other is None else max(enough, other)
        begins = min((day for day in (by_two_channels, twice) if day is not None), default=None)
        return None if begins is None else self._span(begins, None)

    def _day_of(self, number: int) -> date | None:
        return self.attempts[number - 1].day if len(self.attempts) >= number else None

    def _other_channel_on(self) -> date | None:
        """Return the first day by which two channels are tried."""
        stated = [attempt for attempt in self.attempts if attempt.channel]
        return next((attempt.day for attempt in stated if attempt.channel != stated[0].channel), None)

    def _span(self, first: date, last: date | None) -> DateSpan | None:
        lasts = [day for day in (last, self.until) if day is not None]
        span = DateSpan(first, min(lasts, default=None))
        return None if span.is_empty else span


def attempt_rows(contacts: Sequence[date], attempts: Sequence[Attempt]) -> Iterator[AttemptRow]:
    """Yield the rows of attempts. `contacts` are the days of contact with the citizen; both in order."""
    if not attempts:
        return
    for previous, following in pairwise([None, *contacts, None]):
        row = [
            attempt
            for attempt in attempts
            if (previous is None or attempt.day > previous) and (following is None or attempt.day < following)
        ]
        if row:
            yield AttemptRow(row, None if following is None else following - DAY)
