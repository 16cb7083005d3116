"""Drawing citizens (D4, D5): claim, then reveal, each its own transaction, under one lock.

1. **Claim** gives each waiting citizen the next slot of their stratum and commits. No arm is computed.
2. **Reveal** opens the arms of claims that a *committed* transaction made, writes them to the ledger and
   opens the participants' courses.

A rollback, a savepoint or a crash can therefore never show an arm and take it back: before the claim is
durable, no arm has been computed. A crash between the two steps leaves claims; the next draw of the project
reveals them first.
"""

import datetime
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models import BigIntegerField, Func, Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Municipality, Project, User
from accounts.people.locks import locked_users
from cases.actions.courses import open_course
from cases.actions.default_team import DefaultTeams
from cases.elements import stored as stored_elements
from cases.models import DefaultTeamMember, Referral
from jobfirst import mode
from jobfirst.row_security.context import all_projects
from randomization.draw.enrolment import check_enrolment
from randomization.draw.queue import locked_undrawn, queue_on
from randomization.draw.refusal import DrawRefused
from randomization.draw.shares import Shares
from randomization.draw.strata import OpenLists, commit_strata, list_exhausted, usable_shares
from randomization.ledger import chain
from randomization.ledger.lock import ledger_lock
from randomization.models import Allocation, Arm, Claim, Stratum
from reminders import deadlines
from reminders.fact_cache import facts_read_once
from reminders.models import SubjectType

logger = logging.getLogger(__name__)


class CurrentTransaction(Func):
    """The id of the current PostgreSQL transaction."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = BigIntegerField()


@dataclass(frozen=True)
class DrawResult:
    """The new rows of the ledger in order, and how many referrals are later than the day of the draw."""

    allocations: list[Allocation]
    not_yet: int = 0


@dataclass
class OpenStratum:
    """A stratum, its last slot in use (0 for none) and its last day of allocation."""

    stratum: Stratum
    last_slot: int
    last_on: datetime.date | None


#: Municipality code and target group.
StratumKey = tuple[str | None, str]


@all_projects("the ledger is one chain of all projects")
def draw_project(
    project: Project, on: datetime.date, actor: User | None = None, *, shares: Shares | None = None
) -> DrawResult:
    """Draw every eligible referral of the project that is not drawn yet, in order of referral.

    `on` is the day of allocation; referrals after it wait. `actor` is the user, None for a command.
    `shares` replaces the system's own seed (a demonstration's). Idempotent. Raises DrawRefused, whose
    message says what to do; then nobody is drawn. Opens its own transactions: not to be called within one,
    except with demonstration shares.
    """
    mode.confirm()
    seed = usable_shares(shares)
    # A demonstration's seed is public and its draws can be foreseen: it may run within a transaction.
    durable = seed.demo_seed is None
    with ledger_lock():
        with transaction.atomic(durable=durable):
            claimed = _claim(project, on, actor, seed)
        with transaction.atomic(durable=durable):
            return DrawResult(_reveal(project, claimed.head, seed), claimed.not_yet)


@all_projects("every stratum of the trial")
def commit_all(shares: Shares | None = None) -> list[Stratum]:
    """Commit the lists of every stratum of the trial that has none yet; return the new strata."""
    mode.confirm()
    seed = usable_shares(shares)
    with ledger_lock(), transaction.atomic():
        return commit_strata(Municipality.objects.exclude(place=None), seed)


class ClaimResult(NamedTuple):
    """The ledger's last row before the draw, and how many referrals are later than its day."""

    head: Allocation | None
    not_yet: int


def _claim(project: Project, on: datetime.date, actor: User | None, seed: Shares) -> ClaimResult:
    """Claim the next slots for the referrals that wait."""
    check_enrolment(project, on)
    head = Allocation.objects.select_related("stratum").order_by("-sequence").first()
    _check_head(head)
    queue = queue_on(locked_undrawn(project), on)
    strata = _load_strata(project)
    if any((referral.municipality_id, referral.target_group) not in strata for referral in queue.due):
        commit_strata(project.municipalities.all(), seed)
        strata = _load_strata(project)
    _check_clock(on, head, strata.values())
    Claim.objects.bulk_create(_build_claims(project, queue.due, strata, on, actor), batch_size=1000)
    return ClaimResult(head, queue.not_yet)


def _load_strata(project: Project) -> dict[StratumKey, OpenStratum]:
    """Return the project's strata by municipality and target group."""
    strata = Stratum.objects.filter(municipality__place__project=project).annotate(
        last_slot=Max("claims__slot", default=0), last_on=Max("claims__claimed_on")
    )
    return {
        (stratum.municipality_id, stratum.target_group): OpenStratum(
            stratum, stratum.last_slot, stratum.last_on
        )
        for stratum in strata
    }


def _build_claims(
    project: Project,
    due: Sequence[Referral],
    strata: dict[StratumKey, OpenStratum],
    on: datetime.date,
    actor: User | None,
) -> Iterator[Claim]:
    """Yield a claim on the next slot for each referral. DrawRefused when a stratum's list has none left."""
    for referral in due:
        open_stratum = strata[referral.municipality_id, referral.target_group]
        open_stratum.last_slot += 1
        if open_stratum.last_slot > open_stratum.stratum.capacity:
            raise list_exhausted(open_stratum.stratum)
        yield Claim(
            referral=referral,
            citizen_id=referral.citizen_id,
            project=project,
            stratum=open_stratum.stratum,
            slot=open_stratum.last_slot,
            claimed_on=on,
            claimed_by=actor,
        )


def _reveal(project: Project, head: Allocation | None, seed: Shares) -> list[Allocation]:
    """Write the project's claims that are not in the ledger yet to it, in the order in which they were made,
    and open the participants' courses; return the new rows."""
    pending_claims = list(
        Claim.objects.filter(project=project, allocation=None)
        .annotate(current=CurrentTransaction())
        .select_related("stratum__commitment", "citizen", "referral")
        .order_by("pk")
    )
    lists = OpenLists(seed)
    now = timezone.now()
    allocations = []
    for claim in pending_claims:
        if claim.transaction == claim.current and seed.demo_seed is None:
            raise DrawRefused(
                "not_committed", _("The draw cannot be part of another transaction: nothing was drawn.")
            )
        head = _build_allocation(claim, project, head, lists, now)
        allocations.append(head)
    Allocation.objects.bulk_create(allocations, batch_size=500)
    participants = [allocation for allocation in allocations if allocation.arm == Arm.PARTICIPANT]
    staff = _lock_staff(project, participants) if participants else {}
    courses = []
    teams = DefaultTeams(project)
    for allocation in participants:
        referral = allocation.referral
        if referral.referred_by_id is not None:
            # One object per person, so that a referrer's roles are fetched once for the whole batch.
            referral.referred_by = staff[referral.referred_by_id]
        team = teams.on(allocation.allocated_on, referral.municipality_id)
        courses.append(open_course(referral, allocation.allocated_on, team=team))
    opened = [course.public_id for course in courses]
    with facts_read_once():
        deadlines.bring_all_up_to_date({SubjectType.PROJECT: [project.slug], SubjectType.COURSE: opened})
        stored_elements.bring_up_to_date(opened)
    return allocations


def _lock_staff(project: Project, participants: Iterable[Allocation]) -> dict[int, User]:
    """Lock everybody who may get a function of the new courses, so that nobody loses the role meanwhile.

    These are the default teams, and those who referred the citizens. Returns them by id.
    """
    referrers = {allocation.referral.referred_by_id for allocation in participants}
    members = DefaultTeamMember.objects.filter(project=project).values("user")
    return locked_users(
        User.objects.filter(Q(pk__in=referrers) | Q(pk__in=members)).values_list("pk", flat=True)
    )


def _build_allocation(
    claim: Claim, project: Project, head: Allocation | None, lists: OpenLists, now: datetime.datetime
) -> Allocation:
    """Open the claim's slot and return its row of the ledger, unsaved, sealed after the row `head`."""
    opening = lists.open_slot(claim.stratum, claim.slot)
    allocation = Allocation(
        sequence=head.sequence + 1 if head else 1,
        claim=claim,
        referral=claim.referral,
        citizen=claim.citizen,
        project=project,
        stratum=claim.stratum,
        pseudonym=claim.citizen.pseudonym,
        project_slug=project.slug,
        slot=claim.slot,
        arm=opening.arm,
        allocated_on=claim.claimed_on,
        drawn_at=now,
        drawn_by_id=claim.claimed_by_id,
        nonce=opening.nonce,
        path=opening.path,
        previous_hash=bytes(head.row_hash) if head else chain.START,
    )
    allocation.row_hash = chain.row_hash(bytes(allocation.previous_hash), allocation.sealed_values)
    return allocation


def _check_head(head: Allocation | None) -> None:
    """Raise DrawRefused when the ledger's last row does not give its own hash."""
    if head and chain.row_hash(bytes(head.previous_hash), head.sealed_values) != bytes(head.row_hash):
        logger.error(
            "The ledger's last row (number %d) has been changed: run verify_allocations, and restore the "
            "database from a backup that verifies.",
            head.sequence,
        )
        raise DrawRefused(
            "broken_chain",
            _(
                "The last row of the draw's ledger has been changed. Nothing was drawn. Tell those who run "
                "the system (error %(sequence)d)."
            )
            % {"sequence": head.sequence},
        )


def _check_clock(on: datetime.date, head: Allocation | None, strata: Iterable[OpenStratum]) -> None:
    """Raise DrawRefused on a day before the last draw of the project, or in a real trial of any project."""
    days = [open_stratum.last_on for open_stratum in strata if open_stratum.last_on]
    if head and not mode.is_rehearsal():
        days.append(head.allocated_on)
    if days and on < max(days):
        raise DrawRefused(
            "clock_set_back",
            _(
                "The last draw was on %(last)s, after %(on)s. Draw on that day or later; if the server's "
                "clock is wrong, set it right."
            )
            % {"last": date_format(max(days)), "on": date_format(on)},
        )
