"""The report of the trial: enrolment, mix, flow, balance, and predictability of the draw (D3, D4).

Computed from the ledger and the referrals. It shows no single citizen.
"""

import datetime
import hashlib
from collections import Counter, defaultdict
from typing import NamedTuple

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, Project, TrialTerms
from cases.models import Referral
from cases.models.citizen import Benefit, TargetGroup
from evaluation.models import TargetGroupCount
from evaluation.rules import balance, baseline, enrolment
from evaluation.trial.flow import count_flow
from evaluation.trial.values import (
    ArmPace,
    BalanceRow,
    EnrolmentRow,
    MixRow,
    TrialReport,
)
from jobfirst.cpr import birth_date
from jobfirst.dates import DateSpan
from randomization.draw.enrolment import last_days_of_draw
from randomization.models import Allocation, Arm

# The omnibus test returns None or a share between 0 and 1.
NOT_CACHED = -1.0


class Baseline(NamedTuple):
    """A value known before the draw: its label, and whether its mean is shown as a percentage."""

    label: Promise
    percent: bool


BASELINE = (
    Baseline(_("Age at referral, years"), percent=False),
    Baseline(_("Years on public support at referral"), percent=False),
    Baseline(_("Target group A: resource programme"), percent=True),
    Baseline(_("Cash benefit"), percent=True),
    Baseline(_("Integration benefit"), percent=True),
    Baseline(_("Days from the project's start to the referral"), percent=False),
)


def make_report(on: datetime.date, project: Project | None = None) -> TrialReport:
    """Return the report of the trial, or of one project, as of the day."""
    projects = [project] if project else list(Project.objects.order_by("name"))
    rows = Allocation.objects.filter(allocated_on__lte=on, project__in=projects)
    rows = rows.select_related("referral", "citizen", "stratum", "project").order_by("sequence")
    allocations = list(rows)
    units = [_unit(row) for row in allocations]
    strata: dict[int, list[str]] = defaultdict(list)
    for row in allocations:
        strata[row.stratum_id].append(row.arm)
    guesses = balance.guess_rate(strata.values())
    return TrialReport(
        on=on,
        project=project,
        projects=_enrolment_rows(projects, allocations, on),
        mix=_mix_rows(projects, allocations, on),
        flow=count_flow(projects, allocations, on),
        balance=[
            BalanceRow(value.label, value.percent, difference)
            for value, difference in zip(BASELINE, balance.baseline_differences(units), strict=False)
        ],
        omnibus=_omnibus(units, allocations),
        replicates=balance.REPLICATES,
        guess=guesses.share,
        guessed=guesses.draws,
    )


def _unit(row: Allocation) -> balance.DrawnUnit:
    """Return the citizen with the baseline values, in the order of BASELINE."""
    referral = row.referral
    referred = referral.referred_on
    return balance.DrawnUnit(
        stratum=row.stratum.label,
        slot=row.slot,
        arm=row.arm,
        values=(
            float(baseline.age_on(referred, born_on=birth_date(row.citizen.cpr))),
            baseline.years_until(referred, since=referral.public_support_since),
            float(row.stratum.target_group == TargetGroup.RESOURCE_PROGRAMME),
            float(referral.benefit == Benefit.CASH_BENEFIT),
            float(referral.benefit == Benefit.INTEGRATION_BENEFIT),
            float((referred - row.project.starts_on).days),
        ),
    )


def _omnibus(units: list[balance.DrawnUnit], allocations: list[Allocation]) -> float | None:
    """Return the result of the omnibus test, cached until the next draw since it takes long."""
    if not allocations:
        return None
    digest = hashlib.sha256(b"".join(bytes(row.row_hash) for row in allocations)).hexdigest()
    key = f"evaluation.omnibus.{balance.REPLICATES}.{digest}"
    cached: float | None = cache.get(key, NOT_CACHED)
    if cached != NOT_CACHED:
        return cached
    share = balance.omnibus_test(units, digest.encode())
    cache.set(key, share, timeout=24 * 60 * 60)
    return share


def _enrolment_rows(
    projects: list[Project], allocations: list[Allocation], on: datetime.date
) -> list[EnrolmentRow]:
    enrolled = Counter((row.project_id, row.arm) for row in allocations)
    queue = Counter(
        Referral.objects.accepted()
        .filter(project__in=projects, referred_on__lte=on, claim=None)
        .order_by()
        .values_list("project_id", flat=True)
    )
    minimum = TrialTerms.objects.in_force_or_first(on).minimum_per_arm
    last_days = last_days_of_draw(projects)
    rows = []
    for project in projects:
        last = last_days[project.pk]
        span = DateSpan(project.starts_on, last)
        rows.append(
            EnrolmentRow(
                project,
                participants=_pace(enrolled[project.pk, Arm.PARTICIPANT], minimum, span, on),
                controls=_pace(enrolled[project.pk, Arm.CONTROL], minimum, span, on),
                waiting=queue[project.pk],
                last_day=last,
                days_left=max(0, (last - on).days),
            )
        )
    return rows


def _pace(enrolled: int, minimum: int, span: DateSpan, on: datetime.date) -> ArmPace:
    return ArmPace(
        enrolled=enrolled,
        wanted=minimum,
        forecast=enrolment.forecast_enrolment(enrolled, span=span, on=on),
        reached_on=enrolment.expected_day(enrolled, minimum, first=span.first, on=span.until(on).last or on),
    )


def _mix_rows(projects: list[Project], allocations: list[Allocation], on: datetime.date) -> list[MixRow]:
    enrolled = Counter(
        (row.stratum.municipality_id, row.arm, row.stratum.target_group) for row in allocations
    )
    newest_counts = {
        count.municipality_id: count  # of several the last one
        for count in TargetGroupCount.objects.filter(as_of__lte=on).order_by("as_of")
    }
    municipalities = Municipality.objects.filter(place__project__in=projects).order_by("name")
    rows = []
    for municipality in municipalities:
        counts = {
            arm: [enrolled[municipality.pk, arm, group] for group in TargetGroup]
            for arm in (Arm.PARTICIPANT, Arm.CONTROL)
        }
        newest = newest_counts.get(municipality.pk)
        rows.append(
            MixRow(
                municipality,
                participants=sum(counts[Arm.PARTICIPANT]),
                controls=sum(counts[Arm.CONTROL]),
                participant_share=_share(*counts[Arm.PARTICIPANT]),
                control_share=_share(*counts[Arm.CONTROL]),
                own_share=_share(newest.resource_programme, newest.activity_ready) if newest else None,
                as_of=newest.as_of if newest else None,
            )
        )
    return rows


def _share(part: int, rest: int) -> float | None:
    return 100 * part / (part + rest) if part + rest else None
