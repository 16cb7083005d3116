"""Drawing citizens (D4, D5): claim, then reveal, each its own transaction, under one lock.

1. **Claim** gives each waiting citizen the next slot of their stratum and commits. No arm is computed.
2. **Reveal** opens the arms of claims that a *committed* transaction made, writes them to the ledger and
   opens the participants' courses.

So a rollback, a savepoint or a crash can never show somebody an arm and take it back: until the claim
is durable there is no arm to see. A crash between the two leaves claims that the next draw of the project
finishes first.
"""

import datetime
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import BigIntegerField, Func, Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Municipality, Project, User
from cases.actions.courses import open_course
from cases.models import Referral
from jobfirst import mode
from randomization.draw.enrolment import check_enrolment
from randomization.draw.queue import queue_on, undrawn_referrals
from randomization.draw.refusal import DrawRefused
from randomization.draw.shares import Shares
from randomization.draw.strata import OpenLists, commit_strata, exhausted, usable_shares
from randomization.ledger import chain
from randomization.ledger.lock import ledger_lock
from randomization.models import Allocation, Arm, Claim, Stratum

logger = logging.getLogger(__name__)


class CurrentTransaction(Func):
    """PostgreSQL's number of the transaction that asks."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = BigIntegerField()


@dataclass(frozen=True)
class DrawResult:
    """What a draw did: the new rows of the ledger in order, and how many referrals lie after its day."""

    allocations: list[Allocation]
    not_yet: int = 0


@dataclass
class OpenStratum:
    """A stratum with its last slot in use and its last day of allocation."""

    stratum: Stratum
    taken: int
    last_on: datetime.date | None


#: Municipality code and target group.
StratumKey = tuple[str | None, str]


def draw_project(
    project: Project, on: datetime.date, actor: User | None = None, *, shares: Shares | None = None
) -> DrawResult:
    """Draw every eligible referral of the project that is not drawn yet, in order of referral.

    `on` is the day of allocation; referrals after it wait. `actor` is the user, None for a command.
    `shares` replaces the system's own seed (a demonstration's). Doing it again does nothing more.
    DrawRefused with what to do, and then nothing has happened. Opens its own transactions: not to be
    called within one, except with demonstration shares.
    """
    return _draw(project, on, actor, shares, None)


def draw_referral(
    referral: Referral, on: datetime.date, actor: User | None = None, *, shares: Shares | None = None
) -> DrawResult:
    """Draw one referral; as `draw_project`. Does nothing when it is drawn already."""
    if referral.project is None or referral.reasons:
        raise DrawRefused("not_eligible", _("Only an eligible citizen can be drawn."))
    if on < referral.referred_on:
        raise DrawRefused(
            "not_yet_referred",
            _("The citizen is referred on %(day)s and can be drawn from that day.")
            % {"day": date_format(referral.referred_on)},
        )
    return _draw(referral.project, on, actor, shares, referral)


def commit_all(shares: Shares | None = None) -> list[Stratum]:
    """Commit the lists of every stratum of the trial that has none yet; return the new strata."""
    mode.confirm()
    seed = usable_shares(shares)
    with ledger_lock(), transaction.atomic():
        return commit_strata(Municipality.objects.exclude(place=None), seed)


def _draw(
    project: Project, on: datetime.date, actor: User | None, shares: Shares | None, only: Referral | None
) -> DrawResult:
    mode.confirm()
    seed = usable_shares(shares)
    # Whoever knows a demonstration's seed foresees its draws anyway: it may run within a transaction.
    durable = seed.demo_seed is None
    with ledger_lock():
        with transaction.atomic(durable=durable):
            head, not_yet = _claim(project, on, actor, seed, only)
        with transaction.atomic(durable=durable):
            return DrawResult(_reveal(project, head, seed), not_yet)


def _claim(
    project: Project, on: datetime.date, actor: User | None, seed: Shares, only: Referral | None
) -> tuple[Allocation | None, int]:
    """Claim the next slots for those who wait. Returns the ledger's last row and how many wait until
    after `on`."""
    check_enrolment(project, on)
    head = Allocation.objects.select_related("stratum").order_by("-sequence").first()
    _check_head(head)
    undrawn = undrawn_referrals([project.pk])
    queue = queue_on(undrawn.filter(pk=only.pk) if only else undrawn, on)
    strata = _open_strata(project)
    if any((referral.municipality_id, referral.target_group) not in strata for referral in queue.due):
        commit_strata(project.municipalities.all(), seed)
        strata = _open_strata(project)
    _check_clock(on, head, strata.values())
    Claim.objects.bulk_create(_claims(project, queue.due, strata, on, actor), batch_size=1000)
    return head, queue.not_yet


def _open_strata(project: Project) -> dict[StratumKey, OpenStratum]:
    """The project's strata by municipality and target group."""
    strata = Stratum.objects.filter(municipality__place__project=project).annotate(
        taken=Max("claims__slot", default=0), last_on=Max("claims__claimed_on")
    )
    return {
        (stratum.municipality_id, stratum.target_group): OpenStratum(stratum, stratum.taken, stratum.last_on)
        for stratum in strata
    }


def _claims(
    project: Project,
    due: Sequence[Referral],
    strata: dict[StratumKey, OpenStratum],
    on: datetime.date,
    actor: User | None,
) -> Iterator[Claim]:
    for referral in due:
        place = strata[referral.municipality_id, referral.target_group]
        place.taken += 1
        if place.taken > place.stratum.capacity:
            raise exhausted(place.stratum)
        yield Claim(
            referral=referral,
            citizen_id=referral.citizen_id,
            project=project,
            stratum=place.stratum,
            slot=place.taken,
            claimed_on=on,
            claimed_by=actor,
        )


def _reveal(project: Project, head: Allocation | None, seed: Shares) -> list[Allocation]:
    """Open the project's claims that are not in the ledger yet, in the order in which they were made."""
    pending = list(
        Claim.objects.filter(project=project, allocation=None)
        .annotate(current=CurrentTransaction())
        .select_related("stratum__commitment", "citizen", "referral__referred_by")
        .order_by("pk")
    )
    lists = OpenLists(seed)
    now = timezone.now()
    rows = []
    for claim in pending:
        if claim.transaction == claim.current and seed.demo_seed is None:
            raise DrawRefused(
                "not_committed", _("The draw cannot be part of another transaction: nothing was drawn.")
            )
        head = _allocation(claim, project, head, lists, now)
        rows.append(head)
    Allocation.objects.bulk_create(rows, batch_size=500)
    referrers: dict[int | None, User | None] = {}
    for row in rows:
        if row.arm == Arm.PARTICIPANT:
            # One object a person, whose roles are fetched once for all of a batch.
            referrer = row.referral.referred_by
            row.referral.referred_by = referrers.setdefault(row.referral.referred_by_id, referrer)
            open_course(row.referral, row.allocated_on)
    return rows


def _allocation(
    claim: Claim, project: Project, head: Allocation | None, lists: OpenLists, now: datetime.datetime
) -> Allocation:
    opening = lists.arm(claim.stratum, claim.slot)
    row = Allocation(
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
    row.row_hash = chain.row_hash(bytes(row.previous_hash), row.row)
    return row


def _check_head(head: Allocation | None) -> None:
    if head and chain.row_hash(bytes(head.previous_hash), head.row) != bytes(head.row_hash):
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
    """Days of allocation never go back: in a rehearsal within the project, in a real trial at all."""
    days = [place.last_on for place in strata if place.last_on]
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
