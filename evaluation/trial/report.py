"""The trial as the agency follows it: enrolment, mix, flow, balance, and how guessable the draw is (D3, D4).

Everything is reckoned from the ledger and the referrals. Nothing here shows a single citizen.
"""

import datetime
import hashlib
from collections import Counter, defaultdict
from itertools import chain
from typing import NamedTuple

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, Project, TrialTerms
from cases.cpr import birth_date
from cases.models import Course, Referral
from cases.models.citizen import Benefit, ReferralState, TargetGroup
from cases.models.course import EndReason
from cases.presentation.reasons import WORDS
from cases.rules.eligibility import Reason
from evaluation.models import TargetGroupCount
from evaluation.rules import balance, enrolment
from evaluation.trial.values import (
    ArmFlow,
    ArmPace,
    BalanceRow,
    Flow,
    LabelCount,
    MixRow,
    ProjectRow,
    TrialReport,
)
from jobfirst.dates import DateSpan
from randomization.draw.enrolment import last_days_of_draw
from randomization.models import Allocation, AllocationEvent, Arm, EventKind

YEAR_DAYS = 365.25

# The omnibus test answers None or a share between 0 and 1.
NOT_STORED = -1.0


class Baseline(NamedTuple):
    """What was known of a citizen before the draw: in words, and whether its mean is a share in percent."""

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


def report(on: datetime.date, project: Project | None = None) -> TrialReport:
    """The trial, or one project of it, as it stands on `on`."""
    projects = [project] if project else list(Project.objects.order_by("name"))
    rows = Allocation.objects.filter(allocated_on__lte=on, project__in=projects)
    rows = rows.select_related("referral", "citizen", "stratum", "project").order_by("sequence")
    allocations = list(rows)
    units = [_unit(row) for row in allocations]
    strata: dict[int, list[str]] = defaultdict(list)
    for row in allocations:
        strata[row.stratum_id].append(row.arm)
    guess, guessed = balance.guessed(strata.values())
    return TrialReport(
        on=on,
        project=project,
        projects=_projects(projects, allocations, on),
        mix=_mix(projects, allocations, on),
        flow=_flow(projects, allocations, on),
        balance=[
            BalanceRow(baseline.label, baseline.percent, difference)
            for baseline, difference in zip(BASELINE, balance.differences(units), strict=False)
        ],
        omnibus=_omnibus(units, allocations),
        replicates=balance.REPLICATES,
        guess=guess,
        guessed=guessed,
    )


def _unit(row: Allocation) -> balance.Unit:
    """What was known of a citizen before the draw, in the order of BASELINE."""
    referral = row.referral
    referred = referral.referred_on
    born = birth_date(row.citizen.cpr)
    had_birthday = (referred.month, referred.day) >= (born.month, born.day)
    return balance.Unit(
        stratum=row.stratum.label,
        slot=row.slot,
        arm=row.arm,
        values=(
            float(referred.year - born.year - (not had_birthday)),
            (referred - referral.public_support_since).days / YEAR_DAYS,
            float(row.stratum.target_group == TargetGroup.RESOURCE_PROGRAMME),
            float(referral.benefit == Benefit.CASH_BENEFIT),
            float(referral.benefit == Benefit.INTEGRATION_BENEFIT),
            float((referred - row.project.starts_on).days),
        ),
    )


def _omnibus(units: list[balance.Unit], allocations: list[Allocation]) -> float | None:
    """The omnibus test, kept until somebody else is drawn: it draws the trial some hundred times."""
    if not allocations:
        return None
    digest = hashlib.sha256(b"".join(bytes(row.row_hash) for row in allocations)).hexdigest()
    key = f"evaluation.omnibus.{balance.REPLICATES}.{digest}"
    stored: float | None = cache.get(key, NOT_STORED)
    if stored != NOT_STORED:
        return stored
    share = balance.omnibus(units, digest.encode())
    cache.set(key, share, timeout=24 * 60 * 60)
    return share


def _projects(projects: list[Project], allocations: list[Allocation], on: datetime.date) -> list[ProjectRow]:
    drawn = Counter((row.project_id, row.arm) for row in allocations)
    queue = Counter(
        Referral.objects.accepted()
        .filter(project__in=projects, referred_on__lte=on, claim=None)
        .order_by()
        .values_list("project_id", flat=True)
    )
    wanted = TrialTerms.objects.in_force_or_first(on).minimum_per_arm
    last_days = last_days_of_draw(projects)
    rows = []
    for project in projects:
        last = last_days[project.pk]
        span = DateSpan(project.starts_on, last)
        rows.append(
            ProjectRow(
                project,
                participants=_pace(drawn[project.pk, Arm.PARTICIPANT], wanted, span, on),
                controls=_pace(drawn[project.pk, Arm.CONTROL], wanted, span, on),
                waiting=queue[project.pk],
                last_day=last,
                days_left=max(0, (last - on).days),
            )
        )
    return rows


def _pace(enrolled: int, wanted: int, span: DateSpan, on: datetime.date) -> ArmPace:
    return ArmPace(
        enrolled=enrolled,
        wanted=wanted,
        forecast=enrolment.forecast(enrolled, span=span, on=on),
        reached_on=enrolment.reached_on(enrolled, wanted, first=span.first, on=span.until(on).last or on),
    )


def _mix(projects: list[Project], allocations: list[Allocation], on: datetime.date) -> list[MixRow]:
    drawn = Counter((row.stratum.municipality_id, row.arm, row.stratum.target_group) for row in allocations)
    own = {
        count.municipality_id: count  # of several the last one
        for count in TargetGroupCount.objects.filter(as_of__lte=on).order_by("as_of")
    }
    municipalities = Municipality.objects.filter(place__project__in=projects).order_by("name")
    rows = []
    for municipality in municipalities:
        counts = {
            arm: [drawn[municipality.pk, arm, group] for group in TargetGroup]
            for arm in (Arm.PARTICIPANT, Arm.CONTROL)
        }
        entered = own.get(municipality.pk)
        rows.append(
            MixRow(
                municipality,
                participants=sum(counts[Arm.PARTICIPANT]),
                controls=sum(counts[Arm.CONTROL]),
                participant_share=_share(*counts[Arm.PARTICIPANT]),
                control_share=_share(*counts[Arm.CONTROL]),
                own_share=_share(entered.resource_programme, entered.activity_ready) if entered else None,
                as_of=entered.as_of if entered else None,
            )
        )
    return rows


def _flow(projects: list[Project], allocations: list[Allocation], on: datetime.date) -> Flow:
    referrals = Referral.objects.filter(project__in=projects, referred_on__lte=on).order_by()
    refused = list(referrals.filter(state=ReferralState.REFUSED).values_list("reasons", flat=True))
    reasons = Counter(chain.from_iterable(refused))
    eligible = referrals.filter(state=ReferralState.ACCEPTED).count()
    arms = {arm: ArmFlow(drawn=sum(row.arm == arm for row in allocations)) for arm in Arm.values}
    courses = Course.objects.filter(project__in=projects, citizen__allocation__allocated_on__lte=on)
    left: Counter[str] = Counter()
    for course in courses.values_list("internship_from", "ended_on", "end_reason", named=True):
        arms[Arm.PARTICIPANT].started += bool(course.internship_from and course.internship_from <= on)
        if course.ended_on and course.ended_on <= on:
            left[course.end_reason] += 1
    arms[Arm.PARTICIPANT].left = [
        LabelCount(reason.label, left[reason]) for reason in EndReason if left[reason]
    ]
    happened = Counter(
        AllocationEvent.objects.filter(allocation__in=allocations, happened_on__lte=on)
        .order_by()
        .values_list("allocation__arm", "kind")
    )
    for arm, flow in arms.items():
        flow.events = [
            LabelCount(kind.label, happened[arm, kind]) for kind in EventKind if happened[arm, kind]
        ]
    return Flow(
        assessed=eligible + len(refused),
        refused=len(refused),
        reasons=[LabelCount(WORDS[reason], reasons[reason]) for reason in Reason if reasons[reason]],
        eligible=eligible,
        waiting=eligible - len(allocations),
        participants=arms[Arm.PARTICIPANT],
        controls=arms[Arm.CONTROL],
    )


def _share(part: int, rest: int) -> float | None:
    return 100 * part / (part + rest) if part + rest else None
