"""What the page of operations shows. No citizens: figures, moments, and accounts."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Min

from accounts.people import invitations
from audit.chain.heads import ChainStatus, chain_status
from jobfirst.messaging.mute import is_muted
from jobfirst.models import StoredCheck
from jobfirst.monitoring.heartbeat import is_worker_heard
from jobfirst.stored import checks as stored_checks
from reminders.models import Digest, DigestState, Round
from reminders.operations.backups import BackupStatus, backup_status


@dataclass(frozen=True)
class Waiting:
    """What waits to be sent: how many, and since when the oldest does (None: nothing waits)."""

    count: int
    since: datetime.datetime | None


@dataclass(frozen=True)
class LastCheck:
    """The last nightly check of stored rows: their name in words; None when there was no check yet."""

    label: str
    check: StoredCheck | None


@dataclass(frozen=True)
class Status:
    """How the background work stands."""

    is_muted: bool
    is_worker_heard: bool
    last_round: Round | None
    digests: Waiting
    invitations: Waiting
    checks: list[LastCheck]
    audit: ChainStatus
    backup: BackupStatus


#: The fields of `Waiting`, of rows with the moment at which each was made.
WAITING = {"count": Count("pk"), "since": Min("created_at")}


def current_status() -> Status:
    """Return the status as of now."""
    return Status(
        is_muted=is_muted(),
        is_worker_heard=is_worker_heard(),
        last_round=Round.objects.first(),
        digests=_waiting_digests(),
        invitations=_waiting_invitations(),
        checks=_last_checks(),
        audit=chain_status(),
        backup=backup_status(),
    )


def _waiting_digests() -> Waiting:
    return Waiting(**Digest.objects.filter(state=DigestState.PENDING).aggregate(**WAITING))


def _waiting_invitations() -> Waiting:
    return Waiting(**invitations.due().aggregate(**WAITING))


def _last_checks() -> list[LastCheck]:
    """Return the last check of everything that is checked, by name."""
    last = {
        check.name: check for check in StoredCheck.objects.order_by("name", "-checked_at").distinct("name")
    }
    return [LastCheck(str(rows.label), last.get(rows.name)) for rows in stored_checks.registered_rows()]
