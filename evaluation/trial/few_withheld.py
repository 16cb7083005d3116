"""The trial's report without what would make few citizens stand out (`evaluation.rules.suppression`).

The ledger is public to the agency by design (docs/privacy.md): who is drawn when, where and into which arm.
So enrolment, mix and the numbers of the arms stay as they are. All else is

- rounded up to the limit (`evaluation.rules.rounding`): who waits, was refused, taken back or not drawn in
  time, events, deviations, and who has no outcome. So no two days or projects can be subtracted;
- or published (`evaluation.publication`): why courses ended and citizens were refused, and how many began an
  internship. Reasons are those of the whole trial, never of a project;
- or left out: of a project who was refused or has no outcome, and the balance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.utils.functional import Promise

from cases.models.course import EndReason
from cases.presentation.reasons import WORDS
from cases.rules.eligibility import RefusalReason
from evaluation.publication import plan
from evaluation.publication.models import TOTAL, Publication
from evaluation.publication.reading import PublishedFigures, read_figures_of
from evaluation.rules.rounding import at_most, total_at_most
from evaluation.trial.flow import waiting_and_lapsed
from evaluation.trial.values import ArmFlow, ConsortFlow, LabelCount, TrialReport

END_REASONS: Mapping[str, str | Promise] = dict(EndReason.choices)
REFUSAL_REASONS: Mapping[str, str | Promise] = {reason: WORDS[reason] for reason in RefusalReason}


def withhold_few(report: TrialReport, publications: Sequence[Publication]) -> TrialReport:
    """Return the report as the agency may see it; `publications` are all, the newest first. One query.

    Its balance must be the rounded one (`make_report` with `balance_days`).
    """
    limit = report.smallest_count
    published = read_figures_of(
        next((publication for publication in publications if publication.cut_off <= report.on), None),
        [plan.END_REASON, plan.REFUSAL_REASON, plan.INTERNSHIP],
    )
    return replace(
        report,
        projects=[replace(row, waiting=at_most(row.waiting, limit)) for row in report.projects],
        flow=_rounded_flow(report, published, limit),
    )


def _rounded_flow(report: TrialReport, published: PublishedFigures | None, limit: int) -> ConsortFlow:
    flow, is_of_project = report.flow, report.project is not None
    row = report.project.slug if report.project else TOTAL
    started = published and published.newest(plan.INTERNSHIP, row)
    participants = replace(
        _rounded_arm(flow.participants, limit, is_of_project=is_of_project),
        started=started.counted if started else None,
        left=None if is_of_project else _reasons(published, plan.END_REASON, END_REASONS),
    )
    controls = _rounded_arm(flow.controls, limit, is_of_project=is_of_project)
    not_drawn = waiting_and_lapsed(report.projects, report.on)
    waiting, lapsed = (total_at_most(numbers, limit) for numbers in not_drawn)
    eligible = participants.drawn + controls.drawn + waiting + lapsed
    refused, taken_back = (at_most(number or 0, limit) for number in (flow.refused, flow.taken_back))
    return replace(
        flow,
        assessed=None if is_of_project else refused + taken_back + eligible,
        refused=None if is_of_project else refused,
        taken_back=None if is_of_project else taken_back,
        eligible=eligible,
        waiting=waiting,
        lapsed=lapsed,
        participants=participants,
        controls=controls,
        reasons=() if is_of_project else _reasons(published, plan.REFUSAL_REASON, REFUSAL_REASONS) or (),
        details_on=published.cut_off if published else None,
    )


def _rounded_arm(arm: ArmFlow, limit: int, *, is_of_project: bool) -> ArmFlow:
    has_outcomes = arm.without_outcome is not None
    is_withheld = has_outcomes and is_of_project
    without = None if is_withheld or not has_outcomes else at_most(arm.without_outcome or 0, limit)
    return replace(
        arm,
        events=_rounded(arm.events, limit),
        deviations=_rounded(arm.deviations, limit),
        without_outcome=without,
        is_outcome_withheld=is_withheld,
    )


def _rounded(counts: Iterable[LabelCount], limit: int) -> tuple[LabelCount, ...]:
    return tuple(LabelCount(label, at_most(number or 0, limit)) for label, number in counts)


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
