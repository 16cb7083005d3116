"""The report of the trial: enrolment, mix, flow, balance, and predictability of the draw (D3, D4).

Computed from the ledger and the referrals. It shows no single citizen.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import OuterRef, Subquery

from accounts.models import Municipality, Project, TrialTerms
from cases.models.citizen import TargetGroup
from evaluation.models import TargetGroupCount
from evaluation.rules import balance, enrolment
from evaluation.rules.cut_offs import newest_renewed
from evaluation.trial.balance_rows import balance_of
from evaluation.trial.drawn import DrawnRow, drawn_citizens
from evaluation.trial.flow import count_flow, count_referrals
from evaluation.trial.values import ArmGoal, ArmPace, EnrolmentRow, MixRow, TrialReport
from jobfirst.values.dates import DateSpan, in_force_or_first
from randomization.draw.enrolment import last_days_of_draw
from randomization.models import Arm


def make_report(
    on: datetime.date,
    project: Project | None = None,
    *,
    all_projects: Sequence[Project] | None = None,
    balance_days: Collection[datetime.date] | None = None,
) -> TrialReport:
    """Return the report of the trial, or of one project, as of the day; six queries with `all_projects`.

    With `balance_days` the balance is as the agency may see it: of the whole trial, renewed on these days.
    """
    projects = [project] if project else list(all_projects or Project.objects.order_by("name"))
    allocations = drawn_citizens(projects, on)
    all_terms = list(TrialTerms.objects.all())
    terms = in_force_or_first(all_terms, on)
    referrals = count_referrals(projects, on)
    last_days = last_days_of_draw(projects, all_terms)
    rows = _enrolment_rows(
        last_days, allocations, referrals.accepted, on, projects=projects, minimum=terms.minimum_per_arm
    )
    balance_on: datetime.date | None = on
    if balance_days is not None:
        balance_on = _renewed_on(allocations, [] if project else balance_days, terms.smallest_count)
    in_balance = [row for row in allocations if balance_on and row.allocated_on <= balance_on]
    arms_balance = balance_of(in_balance, None if balance_days is None else terms.smallest_count)
    guesses = _guesses(allocations)
    return TrialReport(
        on=on,
        project=project,
        projects=rows,
        mix=_mix_rows(projects, allocations, on),
        flow=count_flow(projects, allocations, on, rows, referrals),
        balance=arms_balance.rows,
        omnibus=arms_balance.omnibus,
        replicates=balance.REPLICATES,
        guess=guesses.share,
        guessed=guesses.draws,
        smallest_count=terms.smallest_count,
        balance_on=balance_on,
    )


def _renewed_on(
    allocations: Sequence[DrawnRow], days: Collection[datetime.date], limit: int
) -> datetime.date | None:
    """Return the newest of the days on which the balance is renewed."""
    arms = [[row.allocated_on for row in allocations if row.arm == arm] for arm in Arm.values]
    return newest_renewed(days, arms, limit)


def _guesses(allocations: Sequence[DrawnRow]) -> balance.GuessRate:
    strata: dict[int, list[str]] = defaultdict(list)
    for row in allocations:
        strata[row.stratum_id].append(row.arm)
    return balance.guess_rate(strata.values())


def _enrolment_rows(
    last_days: Mapping[int, datetime.date],
    allocations: Sequence[DrawnRow],
    accepted: Mapping[int, int],
    on: datetime.date,
    *,
    projects: Sequence[Project],
    minimum: int,
) -> list[EnrolmentRow]:
    enrolled = Counter((row.project_id, row.arm) for row in allocations)
    rows = []
    for project in projects:
        last = last_days[project.pk]
        span = DateSpan(project.starts_on, last)
        arms = [enrolled[project.pk, arm] for arm in (Arm.PARTICIPANT, Arm.CONTROL)]
        participants, controls = (
            _pace(number, target=project.target_count, minimum=minimum, span=span, on=on) for number in arms
        )
        rows.append(
            EnrolmentRow(
                project,
                participants=participants,
                controls=controls,
                waiting=accepted.get(project.pk, 0) - sum(arms),
                last_day=last,
                days_left=max(0, (last - on).days),
            )
        )
    return rows


def _pace(enrolled: int, *, target: int, minimum: int, span: DateSpan, on: datetime.date) -> ArmPace:
    last = span.until(on).last or on

    def goal(wanted: int) -> ArmGoal:
        day = enrolment.expected_day(enrolled, wanted, first=span.first, on=last)
        return ArmGoal(wanted, max(0, wanted - enrolled), day)

    return ArmPace(
        enrolled=enrolled,
        forecast=enrolment.forecast_enrolment(enrolled, span=span, on=on),
        target=goal(target),
        minimum=goal(minimum),
    )


def _mix_rows(
    projects: Sequence[Project], allocations: Sequence[DrawnRow], on: datetime.date
) -> list[MixRow]:
    enrolled = Counter((row.municipality_id, row.arm, row.target_group) for row in allocations)
    newest = TargetGroupCount.objects.filter(municipality=OuterRef("pk"), as_of__lte=on).order_by("-as_of")
    fields = ("as_of", "resource_programme", "activity_ready")
    counted = {f"own_{name}": Subquery(newest.values(name)[:1]) for name in fields}
    municipalities = Municipality.objects.filter(place__project__in=projects).order_by("name")
    rows = []
    for municipality in municipalities.annotate(**counted):
        counts = {
            arm: [enrolled[municipality.pk, arm, group] for group in TargetGroup]
            for arm in (Arm.PARTICIPANT, Arm.CONTROL)
        }
        own_count: Any = municipality  # annotated
        as_of = own_count.own_as_of
        own_groups = (own_count.own_resource_programme, own_count.own_activity_ready) if as_of else (0, 0)
        rows.append(
            MixRow(
                municipality,
                participants=sum(counts[Arm.PARTICIPANT]),
                controls=sum(counts[Arm.CONTROL]),
                participant_share=_share(*counts[Arm.PARTICIPANT]),
                control_share=_share(*counts[Arm.CONTROL]),
                own_share=_share(*own_groups),
                as_of=as_of,
            )
        )
    return rows


def _share(part: int, rest: int) -> float | None:
    return 100 * part / (part + rest) if part + rest else None
