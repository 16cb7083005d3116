"""The outcomes of each arm of each stratum, summed up by the database (D6).

All estimates need of the citizens only these sums (`evaluation.rules.effects`), so that no citizen's row is
fetched. Everyone is counted in the arm and the stratum of the draw, whatever happened later.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection

from evaluation.models import OutcomeTerms
from evaluation.outcomes.period import OutcomePeriod
from evaluation.rules.effects import CitizenOutcome
from evaluation.rules.missing_outcomes import FilledMonths
from randomization.draw.blocks import stratum_label

# Of each citizen: months from the one after the draw to the last of the period, those of them delivered, and
# their hours. The two digests say of which draws and hours the sums are (`evaluation.outcomes.stored_test`).
STRATUM_ARMS_SQL = """
WITH period AS (
    SELECT %(first)s::date AS first, %(last)s::date AS last, %(last_day)s::date AS last_day,
        %(drawn_after)s::date AS drawn_after
), delivered AS (
    SELECT paid.citizen_id, COUNT(*) AS months, SUM(paid.hours) AS hours
    FROM period JOIN evaluation_paidhours paid ON paid.month BETWEEN period.first AND period.last
    JOIN randomization_allocation allocation ON allocation.citizen_id = paid.citizen_id
    WHERE paid.month > allocation.allocated_on
    GROUP BY paid.citizen_id
), drawn AS (
    SELECT allocation.sequence, allocation.slot, allocation.project_id, stratum.municipality_id,
        stratum.target_group, allocation.arm,
        CASE WHEN allocation.allocated_on < period.last
            THEN months_between.since_draw ELSE 0 END AS months,
        COALESCE(delivered.months, 0) AS delivered, COALESCE(delivered.hours, 0) AS hours,
        allocation.allocated_on > period.drawn_after AND allocation.allocated_on < period.last
            AND LEAST(project.ends_on, course.ended_on) > period.last_day AS is_running
    FROM period CROSS JOIN randomization_allocation allocation
    JOIN randomization_stratum stratum ON stratum.id = allocation.stratum_id
    JOIN accounts_project project ON project.id = allocation.project_id
    LEFT JOIN cases_course course ON course.citizen_id = allocation.citizen_id
    LEFT JOIN delivered ON delivered.citizen_id = allocation.citizen_id
    CROSS JOIN LATERAL (
        SELECT LEAST(
            12 * EXTRACT(year FROM period.last) + EXTRACT(month FROM period.last)
                - 12 * EXTRACT(year FROM period.first) - EXTRACT(month FROM period.first) + 1,
            12 * EXTRACT(year FROM period.last) + EXTRACT(month FROM period.last)
                - 12 * EXTRACT(year FROM allocated_on) - EXTRACT(month FROM allocated_on)
        )::int AS since_draw
    ) AS months_between
), means AS (
    SELECT *, hours::float8 / NULLIF(delivered, 0) AS mean, hours::float8 / NULLIF(months, 0) AS if_nothing,
        (hours::float8 + %(full_time)s::float8 * (months - delivered)) / NULLIF(months, 0) AS if_full_time
    FROM drawn
), digests AS (
    SELECT encode(sha256(convert_to(COALESCE(string_agg(
            municipality_id || '/' || target_group || '/' || slot || '/' || arm || ';', '' ORDER BY sequence
        ), ''), 'UTF8')), 'hex') AS draws,
        encode(sha256(convert_to(COALESCE(string_agg(
            delivered || ':' || (100 * hours)::bigint || ';', '' ORDER BY sequence
        ), ''), 'UTF8')), 'hex') AS hours
    FROM drawn WHERE delivered > 0
), arms AS (
    SELECT project_id, municipality_id, target_group, arm, COUNT(*),
        COUNT(*) FILTER (WHERE months > 0), COUNT(*) FILTER (WHERE delivered > 0),
        SUM(delivered)::int, SUM(months - delivered)::int, COUNT(*) FILTER (WHERE hours > 0),
        COUNT(*) FILTER (WHERE is_running),
        AVG(mean), REGR_SYY(mean, mean), AVG(if_full_time), REGR_SYY(if_full_time, if_full_time),
        AVG(if_nothing), REGR_SYY(if_nothing, if_nothing)
    FROM means GROUP BY project_id, municipality_id, target_group, arm
)
SELECT digests.draws, digests.hours, arms.* FROM digests LEFT JOIN arms ON TRUE
ORDER BY arms.project_id, arms.municipality_id, arms.target_group, arms.arm
"""


class StratumArm(NamedTuple):
    """The citizens of a project drawn into an arm of a stratum: how many in all (`in_ledger`), and how many
    before the last month (`drawn`), of whom all else is said.

    `analysed` have a delivered month; `delivered` and `missing` are months. `with_hours` have any paid hours.
    `running` are still within their course when the period ends. Then the mean, and the sum of squares around
    it, of the hours per month: of those analysed, and of all if they had worked full time in their missing
    months, and not at all. None without anybody.
    """

    project_id: int
    municipality_code: str
    target_group: str
    arm: str
    in_ledger: int
    drawn: int
    analysed: int
    delivered: int
    missing: int
    with_hours: int
    running: int
    mean: float | None
    squares: float | None
    full_time_mean: float | None
    full_time_squares: float | None
    nothing_mean: float | None
    nothing_squares: float | None

    @property
    def stratum(self) -> str:
        """The label of the stratum of the draw."""
        return stratum_label(self.municipality_code, self.target_group)

    @property
    def outcome(self) -> CitizenOutcome:
        """The outcomes of those analysed."""
        return self._outcome(self.analysed, self.mean, self.squares)

    @property
    def filled(self) -> FilledMonths:
        """The outcomes of all with their missing months filled."""
        return FilledMonths(
            full_time=self._outcome(self.drawn, self.full_time_mean, self.full_time_squares),
            nothing=self._outcome(self.drawn, self.nothing_mean, self.nothing_squares),
        )

    def _outcome(self, citizens: int, mean: float | None, squares: float | None) -> CitizenOutcome:
        return CitizenOutcome(self.stratum, self.arm, mean or 0.0, citizens, squares or 0.0)


class TrialSums(NamedTuple):
    """The arms of all strata, and the hex digests of the draws and of the hours that they are sums of."""

    arms: Sequence[StratumArm]
    draws: str
    hours: str


def sum_outcomes(period: OutcomePeriod | None, *, full_time_hours: float, course_weeks: int) -> TrialSums:
    """Return the sums of the months of the period; without one nobody has any month. One query.

    `full_time_hours` is what a missing month has at most. A course is over when it has ended, when its
    project has (D3: by then all courses are finished), and when `course_weeks` have passed since the draw (a
    term; D12), whichever is first.
    """
    values: dict[str, Any] = {
        "first": period and period.first,
        "last": period and period.last,
        "last_day": period and period.last_day,
        "drawn_after": period and period.last_day - datetime.timedelta(weeks=course_weeks),
        "full_time": full_time_hours,
    }
    with connection.cursor() as cursor:
        cursor.execute(STRATUM_ARMS_SQL, values)
        rows = cursor.fetchall()
    draws, hours = rows[0][:2]
    return TrialSums([StratumArm._make(row[2:]) for row in rows if row[2] is not None], draws, hours)


def sums_by(terms: OutcomeTerms, period: OutcomePeriod | None) -> TrialSums:
    """Return the sums of the months of the period by the terms. One query."""
    return sum_outcomes(period, full_time_hours=float(terms.full_time_hours), course_weeks=terms.course_weeks)


def outcomes_of(arms: Iterable[StratumArm]) -> list[CitizenOutcome]:
    """Return the outcomes of those with a delivered month."""
    return [arm.outcome for arm in arms if arm.analysed]
