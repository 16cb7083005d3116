"""Carrying out the lists that two persons approved."""

import datetime
from dataclasses import dataclass, field

from django.db import transaction

from audit.chain.erasures import ErasureReason
from cases.models import Citizen
from jobfirst import clock
from jobfirst.progress import tracked
from rights.erasure.due import due_citizens
from rights.erasure.engine import erase_citizen, locked_citizen
from rights.erasure.lists import write_list
from rights.erasure.reach import changed_since
from rights.models import ErasureItem, ErasureRun, ItemState, RunState


@dataclass
class ErasureOutcome:
    """How many citizens were erased, and why others on the lists were not: code by pseudonym."""

    erased: int = 0
    left: dict[str, str] = field(default_factory=dict)


def carry_out(on: datetime.date) -> ErasureOutcome:
    """Erase the citizens on all approved lists; each in a transaction of her own, so that a stop loses none.

    Whoever is not due any more, is blocked, or was changed since the list was made is left out: the next list
    has her anew. Signed in as the owner of the tables.
    """
    outcome = ErasureOutcome()
    write_list()  # what a run that was stopped has not written
    for run in ErasureRun.objects.filter(state=RunState.APPROVED).order_by("pk"):
        for item in tracked(list(run.items.filter(state=ItemState.LISTED)), "Citizens"):
            _carry_out_item(run, item, on, outcome)
        ErasureRun.objects.filter(pk=run.pk).update(state=RunState.DONE, done_at=clock.now())
    write_list()
    return outcome


@transaction.atomic
def _carry_out_item(run: ErasureRun, item: ErasureItem, on: datetime.date, outcome: ErasureOutcome) -> None:
    pk = Citizen.objects.filter(public_id=item.subject).values_list("pk", flat=True).first()  # type: ignore[misc]  # a listed one has it
    citizen = None if pk is None else locked_citizen(pk)
    note = "gone" if citizen is None else _objection(citizen, item, run, on)
    if citizen is None or note:
        ErasureItem.objects.filter(pk=item.pk).update(state=ItemState.LEFT, note=note)
        outcome.left[citizen.pseudonym if citizen else "–"] = note
        return
    decided_by = run.decided_by_id
    if decided_by is None or decided_by == run.proposed_by_id:  # the database holds it, too
        raise ValueError("an erasure needs two persons")
    reason = ErasureReason(run.public_id, item.kind, run.proposed_by_id, decided_by)
    erase_citizen(citizen, reason, on)
    ErasureItem.objects.filter(pk=item.pk).update(state=ItemState.ERASED, subject=None)
    outcome.erased += 1


def _objection(citizen: Citizen, item: ErasureItem, run: ErasureRun, on: datetime.date) -> str:
    """Return why the citizen is left out now: `not_due`, a blocker, or `changed`; empty when she is not."""
    due = due_citizens(on, [citizen.pk])
    if not due or due[0].kind != item.kind:
        return "not_due"
    if due[0].blockers:
        return str(due[0].blockers[0].value)
    return "changed" if changed_since(citizen, run.proposed_at) else ""
