"""The trial's report without what would make few citizens stand out (`evaluation.rules.suppression`).

The ledger is public to the agency by design: who is drawn when into which arm, and each event and deviation,
by pseudonym. So enrolment, mix and the numbers of the arms stay as they are. Why courses ended and citizens
were refused, and how many began an internship, come from the newest publication up to the day; reasons are
those of the whole trial, never of a project: the projects could be subtracted from it. So are how many were
refused or taken back, and how many have no outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.functional import Promise

from accounts.models import TrialTerms
from cases.models.course import EndReason
from cases.presentation.reasons import WORDS
from cases.rules.eligibility import RefusalReason
from evaluation.publication import plan
from evaluation.publication.models import TOTAL
from evaluation.publication.reading import PublishedFigures, read_figures
from evaluation.rules.suppression import is_small
from evaluation.trial.values import ArmFlow, LabelCount, TrialReport

END_REASONS: Mapping[str, str | Promise] = dict(EndReason.choices)
REFUSAL_REASONS: Mapping[str, str | Promise] = {reason: WORDS[reason] for reason in RefusalReason}


def withhold_few(report: TrialReport) -> TrialReport:
    """Return the report as the agency may see it. Three queries."""
    limit = TrialTerms.objects.in_force_or_first(report.on).smallest_count
    published = read_figures([plan.END_REASON, plan.REFUSAL_REASON, plan.INTERNSHIP], report.on)
    flow = report.flow
    of_project = report.project is not None
    started = published and published.newest(
        plan.INTERNSHIP, report.project.slug if report.project else TOTAL
    )
    participants = replace(
        _arm(flow.participants, limit, of_project=of_project),
        started=started.counted if started else None,
        left=None if of_project else _reasons(published, plan.END_REASON, END_REASONS),
    )
    not_drawn = (flow.refused or 0, flow.taken_back or 0)
    few_refused = of_project or any(is_small(number, limit) for number in not_drawn)
    flow = replace(
        flow,
        assessed=None if few_refused else flow.assessed,
        refused=None if few_refused else flow.refused,
        taken_back=None if few_refused else flow.taken_back,
        participants=participants,
        controls=_arm(flow.controls, limit, of_project=of_project),
        reasons=() if of_project else _reasons(published, plan.REFUSAL_REASON, REFUSAL_REASONS) or (),
        details_on=published.cut_off if published else None,
    )
    has_few = min(flow.participants.drawn, flow.controls.drawn) < limit
    return replace(
        report,
        flow=flow,
        balance=[] if has_few else report.balance,
        omnibus=None if has_few else report.omnibus,
        smallest_count=limit,
    )


def _arm(arm: ArmFlow, limit: int, *, of_project: bool) -> ArmFlow:
    few_without = arm.without_outcome is not None and (of_project or is_small(arm.without_outcome, limit))
    return replace(
        arm,
        events=_without_few(arm.events, limit),
        deviations=_without_few(arm.deviations, limit),
        without_outcome=None if few_without else arm.without_outcome,
        is_outcome_withheld=few_without,
    )


def _without_few(counts: Iterable[LabelCount], limit: int) -> tuple[LabelCount, ...]:
    return tuple(
        LabelCount(label, None if number is None or is_small(number, limit) else number)
        for label, number in counts
    )


def _reasons(
    published: PublishedFigures | None, code: str, words: Mapping[str, str | Promise]
) -> tuple[LabelCount, ...] | None:
    """Return the reasons of the newest publication that may be shown; None when there are none."""
    if published is None:
        return None
    rows = set(published.rows(code))
    counts = []
    for reason, label in words.items():
        figure = published.newest(code, reason) if reason in rows else None
        if figure is not None:
            counts.append(LabelCount(label, figure.counted))
    return tuple(counts) or None
