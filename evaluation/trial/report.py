"""The trial as the agency follows it: enrolment, mix, flow, balance, and how guessable the draw is (D3, D4).

Everything is reckoned from the ledger and the referrals. Nothing here shows a single citizen.
"""

import datetime
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

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
from randomization.draw.enrolment import last_day_of_draw
from randomization.models import Allocation, AllocationEvent, Arm, EventKind

YEAR_DAYS = 365.25


@dataclass(frozen=True)
class ArmPace:
    """One arm of one project against what is wanted (D3)."""

    enrolled: int
    wanted: int
    forecast: int
    reached_on: datetime.date | None

    @property
    def missing(self) -> int:
        """How many are wanted still."""
        return max(0, self.wanted - self.enrolled)


@dataclass(frozen=True)
class ProjectRow:
    """A project's enrolment on the day."""

    project: Project
    participants: ArmPace
    controls: ArmPace
    waiting: int
    last_day: datetime.date
    days_left: int

    @property
    def full_on(self) -> datetime.date | None:
        """The day on which both arms are full at this pace; None when one never is, or both are."""
        arms = [arm for arm in (self.participants, self.controls) if arm.missing]
        days = [arm.reached_on for arm in arms if arm.reached_on]
        return max(days) if arms and len(days) == len(arms) else None


@dataclass(frozen=True)
class MixRow:
    """Target group A's share, in percent, in both arms and in the municipality (D4); B's is the rest."""

    municipality: Municipality
    participants: int
    controls: int
    participant_share: float | None
    control_share: float | None
    own_share: float | None
    as_of: datetime.date | None

    @property
    def participant_difference(self) -> float | None:
        """Percentage points between the participants' share and the municipality's own."""
        return _minus(self.participant_share, self.own_share)

    @property
    def control_difference(self) -> float | None:
        """Percentage points between the controls' share and the municipality's own."""
        return _minus(self.control_share, self.own_share)


@dataclass
class ArmFlow:
    """One arm in the flow picture. All who were drawn are to be analysed as drawn, once outcomes exist."""

    drawn: int = 0
    started: int = 0
    left: list[tuple[Any, int]] = field(default_factory=list)
    events: list[tuple[Any, int]] = field(default_factory=list)


@dataclass
class Flow:
    """From assessed to analysed (CONSORT)."""

    assessed: int
    refused: int
    reasons: list[tuple[Any, int]]
    eligible: int
    waiting: int
    participants: ArmFlow
    controls: ArmFlow


@dataclass(frozen=True)
class BalanceRow:
    """One baseline value, with its unit."""

    label: Promise
    percent: bool
    difference: balance.Difference


@dataclass(frozen=True)
class TrialReport:
    """All of it, for the whole trial or one project."""

    on: datetime.date
    project: Project | None
    projects: list[ProjectRow]
    mix: list[MixRow]
    flow: Flow
    balance: list[BalanceRow]
    omnibus: float | None
    replicates: int
    guess: float
    guessed: int


BASELINE: tuple[tuple[Promise, bool], ...] = (
    (_("Age at referral, years"), False),
    (_("Years on public support at referral"), False),
    (_("Target group A: resource programme"), True),
    (_("Cash benefit"), True),
    (_("Integration benefit"), True),
    (_("Days from the project's start to the referral"), False),
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
            BalanceRow(label, percent, difference)
            for (label, percent), difference in zip(BASELINE, balance.differences(units), strict=False)
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
    key = f"randomization.omnibus.{balance.REPLICATES}.{digest}"
    found = cache.get(key)
    if found is None:
        found = (balance.omnibus(units, digest.encode()),)
        cache.set(key, found, timeout=24 * 60 * 60)
    return found[0]


def _projects(projects: list[Project], allocations: list[Allocation], on: datetime.date) -> list[ProjectRow]:
    drawn = Counter((row.project_id, row.arm) for row in allocations)
    queue = Counter(
        Referral.objects.accepted()
        .filter(project__in=projects, referred_on__lte=on, claim=None)
        .order_by()
        .values_list("project_id", flat=True)
    )
    terms = list(TrialTerms.objects.order_by("-valid_from"))
    wanted = in_force(terms, on).minimum_per_arm
    rows = []
    for project in projects:
        last = last_day_of_draw(project, in_force(terms, project.starts_on))
        ours, theirs = (
            _pace(drawn[project.pk, arm], wanted, project, last, on) for arm in (Arm.PARTICIPANT, Arm.CONTROL)
        )
        rows.append(ProjectRow(project, ours, theirs, queue[project.pk], last, max(0, (last - on).days)))
    return rows


def in_force(terms: list[TrialTerms], day: datetime.date) -> TrialTerms:
    """As `TrialTerms.on`, from terms at hand, the newest first."""
    return next((one for one in terms if one.valid_from <= day), terms[-1])


def _pace(enrolled: int, wanted: int, project: Project, last: datetime.date, on: datetime.date) -> ArmPace:
    first = project.starts_on
    return ArmPace(
        enrolled=enrolled,
        wanted=wanted,
        forecast=enrolment.forecast(enrolled, first=first, last=last, on=on),
        reached_on=enrolment.reached_on(enrolled, wanted, first=first, on=min(on, last)),
    )


def _mix(projects: list[Project], allocations: list[Allocation], on: datetime.date) -> list[MixRow]:
    drawn = Counter((row.stratum.municipality_id, row.arm, row.stratum.target_group) for row in allocations)
    own: dict[str, TargetGroupCount] = {}
    for count in TargetGroupCount.objects.filter(as_of__lte=on).order_by("as_of"):
        own[count.municipality_id] = count
    municipalities = Municipality.objects.filter(place__project__in=projects).order_by("name")
    rows = []
    for municipality in municipalities:
        counts = {
            arm: [drawn[municipality.pk, arm, group] for group in ("resource_programme", "activity_ready")]
            for arm in (Arm.PARTICIPANT, Arm.CONTROL)
        }
        entered = own.get(municipality.pk)
        rows.append(
            MixRow(
                municipality,
                sum(counts[Arm.PARTICIPANT]),
                sum(counts[Arm.CONTROL]),
                _share(*counts[Arm.PARTICIPANT]),
                _share(*counts[Arm.CONTROL]),
                _share(entered.resource_programme, entered.activity_ready) if entered else None,
                entered.as_of if entered else None,
            )
        )
    return rows


def _flow(projects: list[Project], allocations: list[Allocation], on: datetime.date) -> Flow:
    referrals = Referral.objects.filter(project__in=projects, referred_on__lte=on).order_by()
    refused = list(referrals.filter(state=ReferralState.REFUSED).values_list("reasons", flat=True))
    reasons = Counter(reason for each in refused for reason in each)
    eligible = referrals.filter(state=ReferralState.ACCEPTED).count()
    arms = {arm: ArmFlow(drawn=sum(row.arm == arm for row in allocations)) for arm in Arm.values}
    ended = dict(EndReason.choices)
    courses = Course.objects.filter(project__in=projects, citizen__allocation__allocated_on__lte=on)
    left: Counter[str] = Counter()
    for internship_from, ended_on, reason in courses.values_list("internship_from", "ended_on", "end_reason"):
        arms[Arm.PARTICIPANT].started += bool(internship_from and internship_from <= on)
        if ended_on and ended_on <= on:
            left[reason] += 1
    arms[Arm.PARTICIPANT].left = [(ended[code], left[code]) for code in EndReason.values if left[code]]
    happened = Counter(
        AllocationEvent.objects.filter(allocation__in=allocations, happened_on__lte=on)
        .order_by()
        .values_list("allocation__arm", "kind")
    )
    for arm, flow in arms.items():
        flow.events = [(kind.label, happened[arm, kind]) for kind in EventKind if happened[arm, kind]]
    return Flow(
        assessed=eligible + len(refused),
        refused=len(refused),
        reasons=[(WORDS[reason], reasons[reason]) for reason in Reason if reasons[reason]],
        eligible=eligible,
        waiting=eligible - len(allocations),
        participants=arms[Arm.PARTICIPANT],
        controls=arms[Arm.CONTROL],
    )


def _share(part: int, rest: int) -> float | None:
    return 100 * part / (part + rest) if part + rest else None


def _minus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def cells(found: TrialReport) -> Iterable[tuple[str, str, str, Any]]:
    """The report as (section, what, measure, value), for CSV: stable codes, points as decimal marks."""
    for row in found.projects:
        for arm, pace in (("participant", row.participants), ("control", row.controls)):
            for measure in ("enrolled", "wanted", "missing", "forecast", "reached_on"):
                yield "enrolment", row.project.slug, f"{arm}_{measure}", getattr(pace, measure)
        yield "enrolment", row.project.slug, "waiting", row.waiting
        yield "enrolment", row.project.slug, "last_day", row.last_day
    for mix in found.mix:
        for measure in ("participant_share", "control_share", "own_share"):
            yield "mix", mix.municipality.pk, f"{measure}_a_percent", _rounded(getattr(mix, measure), 1)
        for measure in ("participant_difference", "control_difference"):
            yield "mix", mix.municipality.pk, f"{measure}_points", _rounded(getattr(mix, measure), 1)
    yield from _flow_cells(found.flow)
    for line in found.balance:
        for measure in ("participants", "controls", "standardised", "band"):
            yield "balance", str(line.label), measure, _rounded(getattr(line.difference, measure), 4)
    yield "balance", "omnibus", "p", _rounded(found.omnibus, 3)
    yield "balance", "omnibus", "replicates", found.replicates
    yield "guess", "convergence", "right", _rounded(found.guess, 4)
    yield "guess", "convergence", "draws", found.guessed


def _flow_cells(flow: Flow) -> Iterable[tuple[str, str, str, Any]]:
    for measure in ("assessed", "refused", "eligible", "waiting"):
        yield "flow", "all", measure, getattr(flow, measure)
    for label, count in flow.reasons:
        yield "flow", "refused", str(label), count
    for arm, one in (("participant", flow.participants), ("control", flow.controls)):
        yield "flow", arm, "drawn", one.drawn
        if arm == "participant":
            yield "flow", arm, "started", one.started
        for label, count in [*one.left, *one.events]:
            yield "flow", arm, str(label), count
        yield "flow", arm, "to_be_analysed", one.drawn


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)
