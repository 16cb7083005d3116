"""Starts that the forecast expects of courses still in the sniffing period, where no placement is registered.

A reckoning knows registered placements only, so it shows no start ahead however many citizens are about to
begin. The sniffing period is about 13 weeks (D12, a term of the trial): a course whose weeks are over by the
year's end is expected to start by then.
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from accounts.models import Project, TrialTerms
from cases.models import Course
from cases.rules.phases import Phase
from grants.models import GrantEventKindChoices, GrantTerms
from grants.reckoning.statement import ZERO
from jobfirst.values.dates import WEEK


class ExpectedStarts(NamedTuple):
    """Courses in the sniffing period without a registered start, and those expected to start by the year's
    end; `amount` is what their starts pay, in kroner."""

    sniffing: int
    by_year_end: int
    amount: Decimal


def expected_starts(
    begun_on: Iterable[datetime.date], weeks: int, year_end: datetime.date, start_amount: Decimal
) -> ExpectedStarts:
    """Return what is expected of courses that began on these days and have no start yet."""
    days = list(begun_on)
    ready = sum(day + weeks * WEEK <= year_end for day in days)
    return ExpectedStarts(len(days), ready, ready * start_amount if ready else ZERO)


def fetch_expected_starts(
    project: Project, today: datetime.date, year_end: datetime.date, terms: GrantTerms
) -> ExpectedStarts:
    """Return the starts that the project's courses in the sniffing period are expected to bring."""
    courses = Course.objects.filter(project=project).in_phase(Phase.SNIFFING, today)
    without_start = courses.exclude(earned_events__kind=GrantEventKindChoices.START)
    weeks = TrialTerms.objects.in_force_or_first(today).sniffing_weeks
    begun_on = without_start.order_by().values_list("started_on", flat=True)
    return expected_starts(begun_on, weeks, year_end, terms.start_amount)
