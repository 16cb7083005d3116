"""The gaps of courses on a day (D22): one computation for the timeline, the list and the command `gaps`.

A gap is behind when it has begun before the day, and ahead when it goes on that day or after it; one that
runs is both. Gaps so far stop before the day itself, which can still be filled; gaps are known two weeks
ahead. A pause explains the gaps in it (D50).
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from cases import extension_points
from cases.models import Course
from cases.presentation.pauses import fetched_pauses, pause_bars, with_pauses
from cases.presentation.timeline import TimelineBar
from cases.rules.gaps import Gap, gap_until, gaps
from jobfirst.values.dates import DAY, DateSpan

GAPS_AHEAD = 14 * DAY


@dataclass(frozen=True, slots=True)
class CourseGap:
    """A gap of a course, seen on the day `on`. With `goes_on` it is the part so far of one that goes on."""

    course: Course
    gap: Gap
    on: datetime.date
    goes_on: bool = False

    @property
    def first(self) -> datetime.date:
        """The first working day."""
        return self.gap.span.first

    @property
    def last(self) -> datetime.date:
        """The last working day, as far as the gap is known."""
        return self.gap.span.last_day

    @property
    def working_days(self) -> int:
        """The number of working days."""
        return self.gap.working_days

    @property
    def is_behind(self) -> bool:
        """Whether it has begun before the day."""
        return self.first < self.on

    @property
    def is_ahead(self) -> bool:
        """Whether it goes on that day or after it."""
        return self.goes_on or self.last >= self.on

    def so_far(self) -> "CourseGap":
        """Return the part before the day of a gap that is behind."""
        return replace(self, gap=gap_until(self.gap, self.on - DAY), goes_on=self.is_ahead)


def gaps_around(course: Course, bars: Iterable[TimelineBar], on: datetime.date) -> tuple[Gap, ...]:
    """Return the gaps between what fills the days: all past ones, and those of the next two weeks."""
    return _gaps_until(course, bars, on + GAPS_AHEAD)


def gap_days(course: Course, bars: Iterable[TimelineBar], on: datetime.date) -> int:
    """Return how many working days of the course before the day nothing filled."""
    return sum(gap.working_days for gap in _gaps_until(course, bars, on - DAY))


def _gaps_until(course: Course, bars: Iterable[TimelineBar], last: datetime.date) -> tuple[Gap, ...]:
    """Return the gaps from the start of the course to the day; on the day of its end it is over."""
    if course.ended_on is not None:
        last = min(last, course.ended_on - DAY)
    return gaps([bar.span for bar in bars], within=DateSpan(course.started_on, last))


def with_filled_days(courses: QuerySet[Course]) -> QuerySet[Course]:
    """Return the courses with their citizens and all that fills their days, for `find_gaps`."""
    return extension_points.with_bars(with_pauses(courses.select_related("citizen", "referral")))


def find_gaps(courses: Iterable[Course], on: datetime.date) -> Iterator[CourseGap]:
    """Yield the gaps of courses fetched by `with_filled_days`, course by course, as they are on the day."""
    for course in courses:
        bars = [*extension_points.bars_of(course), *pause_bars(course, fetched_pauses(course))]
        for gap in gaps_around(course, bars, on):
            yield CourseGap(course, gap, on)
