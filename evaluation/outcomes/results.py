"""All that the agency's page of results shows, with few citizens withheld.

A mean of few citizens, a share that few citizens make, and what could be subtracted to either, are withheld:
a target group's numbers together with those of the other one, since both together are shown. Means are shown
with one decimal, so that two periods that differ by few citizens do not tell their hours.

The months of a page can be chosen, and the ledger tells how many are drawn, so that any two periods can be
subtracted from one another, and those with an outcome from the drawn:

- those with an outcome, and the months delivered, are at least so many: the rest is rounded up to the limit;
- a share with any hours is that of the citizens to the nearest limit, among these;
- the months since the draw, and how far missing months could move the difference, are those of the whole
  period, whatever is chosen;
- progression is as published (`evaluation.publication`), not as of today.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.models import Project, TrialTerms
from evaluation.measures.registry import PROGRESSED
from evaluation.outcomes.arms import ArmOutcomes, outcomes_by_arm
from evaluation.outcomes.bounds import OutcomeBounds, outcome_bounds
from evaluation.outcomes.by_month import MonthSinceDraw, months_since_draw, shown_months
from evaluation.outcomes.period import OutcomePeriod
from evaluation.outcomes.power import PowerReport, power_report
from evaluation.outcomes.progressed import ProgressionOutcome
from evaluation.outcomes.report import OutcomeReport, make_outcomes
from evaluation.outcomes.stratum_arms import sums_by
from evaluation.outcomes.subgroups import GroupOutcomes, Subgroups, subgroup_outcomes
from evaluation.publication.reading import newest_published
from evaluation.rules.criteria import Verdict
from evaluation.rules.rounding import at_least, at_most, to_nearest
from evaluation.rules.suppression import is_small, share_is_shown


@dataclass(frozen=True)
class WholeBounds:
    """How far the missing months of the whole period could move its difference."""

    period: OutcomePeriod
    bounds: OutcomeBounds


@dataclass(frozen=True)
class TrialResults:
    """The results as the page shows them. With `is_withheld` an arm has too few citizens to show anything of
    the effect. `whole` are all months of the trial, whatever the page has chosen."""

    report: OutcomeReport
    is_withheld: bool
    months: Sequence[MonthSinceDraw]
    subgroups: Subgroups
    subgroups_withheld: bool
    bounds: WholeBounds | None
    power: PowerReport
    whole: OutcomePeriod | None
    progression: ProgressionOutcome | None
    progression_on: datetime.date | None
    limit: int

    @property
    def progressed_percent(self) -> float | None:
        """The participants who have progressed, in per cent; None when withheld or without anybody."""
        share = self.progression.share if self.progression else None
        return None if share is None else 100 * share

    @property
    def twice_the_hours(self) -> Verdict:
        """Whether the first criterion is met; too early while too few citizens have an outcome."""
        return Verdict.TOO_EARLY if self.is_withheld else self.report.twice_the_hours

    @property
    def three_quarters_progressed(self) -> Verdict:
        """Whether the second criterion is met; too early while too few citizens can be compared."""
        return Verdict.TOO_EARLY if self.progression is None else self.report.three_quarters_progressed


def trial_results(
    period: OutcomePeriod | None, *, on: datetime.date, whole: OutcomePeriod | None = None
) -> TrialResults:
    """Return the results of the whole trial in the period; six queries, one more when it is not the whole,
    and one when the randomisation test is reckoned. `whole` are all months of the trial, by default those of
    the period."""
    limit = TrialTerms.objects.in_force_or_first(on).smallest_count
    projects = list(Project.objects.order_by("name"))
    published = newest_published(PROGRESSED.code, on)
    progression = ProgressionOutcome(published.rows, published.counted) if published else None
    report = make_outcomes(
        period, projects=projects, on=on, progression=progression or ProgressionOutcome(0, 0)
    )
    groups = subgroup_outcomes(report.sums.arms)
    few = any(is_small(arm.analysed, limit) for arm in report.arms.values())
    few_in_a_group = few or any(
        is_small(arm.analysed, limit) for group in groups.groups for arm in group.arms.values()
    )
    all_months = whole or period
    return TrialResults(
        report=_without_effect(report, limit) if few else _rounded_report(report, limit),
        is_withheld=few,
        months=shown_months(months_since_draw(all_months), limit) if all_months else [],
        subgroups=_without_numbers(groups, limit) if few_in_a_group else _shown_groups(groups, limit),
        subgroups_withheld=few_in_a_group,
        bounds=None if few or all_months is None else _whole_bounds(report, all_months, limit),
        power=power_report(report.sums.arms, projects, report.terms, is_withheld=few),
        whole=all_months,
        progression=progression,
        progression_on=published.cut_off if published else None,
        limit=limit,
    )


def _whole_bounds(report: OutcomeReport, whole: OutcomePeriod, limit: int) -> WholeBounds:
    """Return how far the missing months of the whole period could move the difference.

    The numbers of missing months are rounded up. Without the estimates when so few months are missing in an
    arm that the estimates would tell their number, or few citizens have an outcome.
    """
    sums = report.sums if whole == report.period else sums_by(report.terms, whole)
    bounds = outcome_bounds(sums.arms, float(report.terms.full_time_hours))
    arms = outcomes_by_arm(sums.arms).values()
    few = any(is_small(arm.missing_months, limit) or is_small(arm.analysed, limit) for arm in arms)
    missing = sum(at_most(arm.missing_months, limit) for arm in arms)
    if few:
        bounds = replace(bounds, best=None, worst=None)
    return WholeBounds(whole, replace(bounds, missing_months=missing))


def _without_effect(report: OutcomeReport, limit: int) -> OutcomeReport:
    """Return the report with the numbers of citizens only."""
    arms = {arm: _numbers_only(outcomes, limit) for arm, outcomes in report.arms.items()}
    return replace(report, arms=arms, difference=None, ratio=None, test=report.test._replace(p=None))


def _rounded_report(report: OutcomeReport, limit: int) -> OutcomeReport:
    return replace(report, arms={arm: _shown_arm(outcomes, limit) for arm, outcomes in report.arms.items()})


def _shown_arm(arm: ArmOutcomes, limit: int) -> ArmOutcomes:
    """Return the arm with rounded numbers; without those with any hours when few have, or few have not."""
    rounded = rounded_numbers(arm, limit)
    with_hours = arm.with_hours or 0
    if not share_is_shown(with_hours, arm.analysed, limit):
        return replace(rounded, with_hours=None)
    return replace(rounded, with_hours=min(rounded.analysed, to_nearest(with_hours, limit)))


def rounded_numbers(arm: ArmOutcomes, limit: int) -> ArmOutcomes:
    """Return the arm with at least how many have an outcome and are delivered, and at most how many months
    are missing: the ledger tells how many there are in all."""
    months = arm.citizen_months + arm.missing_months
    missing = at_most(arm.missing_months, limit)
    return replace(
        arm,
        analysed=at_least(arm.analysed, arm.drawn, limit),
        citizen_months=max(0, months - missing),
        missing_months=missing,
    )


def _numbers_only(arm: ArmOutcomes, limit: int) -> ArmOutcomes:
    return replace(rounded_numbers(arm, limit), with_hours=None, mean_hours=None)


def _shown_groups(groups: Subgroups, limit: int) -> Subgroups:
    """Return the groups; the share with any hours is withheld in all when it is in one, since both together
    are shown."""
    arms = [arm for group in groups.groups for arm in group.arms.values()]
    is_shown = all(share_is_shown(arm.with_hours or 0, arm.analysed, limit) for arm in arms)

    def shown(arm: ArmOutcomes) -> ArmOutcomes:
        return _shown_arm(arm, limit) if is_shown else replace(rounded_numbers(arm, limit), with_hours=None)

    return replace(
        groups,
        groups=[
            replace(group, arms={name: shown(arm) for name, arm in group.arms.items()})
            for group in groups.groups
        ],
    )


def _without_numbers(groups: Subgroups, limit: int) -> Subgroups:
    return Subgroups(
        [
            GroupOutcomes(
                group.group,
                {name: _numbers_only(arm, limit) for name, arm in group.arms.items()},
                None,
                None,
            )
            for group in groups.groups
        ],
        None,
        None,
    )
