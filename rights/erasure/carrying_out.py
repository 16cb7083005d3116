"""Carrying out the lists that two persons approved."""

import datetime
from dataclasses import dataclass, field

from django.db import transaction

from audit.chain.erasures import ErasureReason
from cases.models import Citizen
from jobfirst import clock
from jobfirst.database.advisory_locks import LockKey, session_lock
from jobfirst.progress import tracked
from rights.erasure.due import due_citizens, rules_on
from rights.erasure.engine import erase_citizen, locked_citizen
from rights.erasure.lists import ListError, list_path, write_list
from rights.erasure.others.kinds import SINGLE, due_others, erase_other
from rights.erasure.reach import changed_since
from rights.erasure.replay import missing_lines
from rights.erasure.subjects import DueSubject
from rights.models import (
    BULK_KINDS,
    CITIZEN_KINDS,
    Erasure,
    ErasureItem,
    ErasureRun,
    ItemState,
    RetentionKind,
    RunState,
)
from rights.models.runs import content_hash


@dataclass
class ErasureOutcome:
    """How many rows of lists were erased, and why others were not: code by pseudonym, or kind and number."""

    erased: int = 0
    left: dict[str, str] = field(default_factory=dict)


def carry_out(on: datetime.date) -> ErasureOutcome:
    """Erase what is on all approved lists; each in a transaction of its own, so that a stop loses none.

    What is not due any more, is blocked, or was changed since the list was made is left out: the next list
    has it anew. Signed in as the owner of the tables. ListError while a restored system has not erased again
    what the list outside the database names: what is erased now would take the numbers of those lines.
    """
    outcome = ErasureOutcome()
    with session_lock(LockKey.ERASURES):  # another command waits, and then finds them done
        if missing_lines():
            raise ListError(f"{list_path()} names what is not erased here: run `erase --replay` first.")
        write_list()  # what a run that was stopped has not written
        for pk in (
            ErasureRun.objects.filter(state=RunState.APPROVED).order_by("pk").values_list("pk", flat=True)
        ):
            if (run := _begun(pk)) is not None:
                _carry_out_run(run, on, outcome)
                write_list()  # a database that is lost now does not take many erasures along
    return outcome


@transaction.atomic
def _begun(pk: int) -> ErasureRun | None:
    """Return the approved list, which cannot be withdrawn any more; None when it was."""
    run = ErasureRun.objects.select_for_update(of=("self",)).get(pk=pk)
    if run.state != RunState.APPROVED:
        return None
    if run.begun_at is None:
        run.begun_at = clock.now()
        run.save(update_fields=["begun_at"])
    return run


def _carry_out_run(run: ErasureRun, on: datetime.date, outcome: ErasureOutcome) -> None:
    items = list(run.items.all())  # read once: what is added from now on is not erased
    listed = [item for item in items if item.state == ItemState.LISTED]
    if _is_another_list(run, items):
        run.items.filter(state=ItemState.LISTED).update(state=ItemState.LEFT, note="another_list")
        outcome.left[f"list {run.public_id}"] = "another_list"
        listed = []
    for item in tracked(listed, "Erasures"):
        carry_out_item = _carry_out_citizen if item.kind in CITIZEN_KINDS else _carry_out_other
        carry_out_item(run, item, on, outcome)
    ErasureRun.objects.filter(pk=run.pk).update(state=RunState.DONE, done_at=clock.now())


def _is_another_list(run: ErasureRun, items: list[ErasureItem]) -> bool:
    """Whether the list is not the one that was approved: of a run that was stopped, too.

    What is marked as erased must stand on the list of erasures, which only this command writes.
    """
    erasures = Erasure.objects.filter(run=run.public_id).values_list("kind", "subject_hash")
    erased = {(kind, bytes(stored_hash)) for kind, stored_hash in erasures}
    return content_hash(items) != run.content_hash or any(
        (item.kind, item.hash_of_subject) not in erased for item in items if item.state == ItemState.ERASED
    )


@transaction.atomic
def _carry_out_citizen(
    run: ErasureRun, item: ErasureItem, on: datetime.date, outcome: ErasureOutcome
) -> None:
    pk = Citizen.objects.filter(public_id=item.subject).values_list("pk", flat=True).first()  # type: ignore[misc]  # none has None
    citizen = None if pk is None else locked_citizen(pk)
    note = "gone" if citizen is None else _objection(citizen, item, run, on)
    if citizen is None or note:
        ErasureItem.objects.filter(pk=item.pk).update(state=ItemState.LEFT, note=note)
        outcome.left[citizen.pseudonym if citizen else "–"] = note
        return
    erase_citizen(citizen, _reason(run, item), on)
    _mark_erased(item)
    outcome.erased += 1


@transaction.atomic
def _carry_out_other(run: ErasureRun, item: ErasureItem, on: datetime.date, outcome: ErasureOutcome) -> None:
    kind = RetentionKind(item.kind)
    if item.subject is None:  # another list has erased it
        ErasureItem.objects.filter(pk=item.pk).update(state=ItemState.LEFT, note="gone")
        return
    if kind in SINGLE:  # nothing of it changes until it is erased
        rows = SINGLE[kind].model._base_manager.select_for_update(of=("self",))
        rows.filter(public_id=item.subject).first()
    due = due_others(on, rules_on(on), [kind])
    label, note = _objection_to_other(kind, item, run, due)
    if note:
        ErasureItem.objects.filter(pk=item.pk).update(state=ItemState.LEFT, note=note)
        outcome.left[label] = note
        return
    erase_other(kind, item.subject, item.begins_on, _reason(run, item), on)
    _mark_erased(item)
    outcome.erased += 1


def _mark_erased(item: ErasureItem) -> None:
    ErasureItem.objects.filter(pk=item.pk).update(
        state=ItemState.ERASED, subject=None, subject_hash=item.hash_of_subject
    )


def _objection_to_other(
    kind: RetentionKind, item: ErasureItem, run: ErasureRun, due: list[DueSubject]
) -> tuple[str, str]:
    """Return what names the row, and why it is left out now: a code, empty when it is not."""
    if kind in BULK_KINDS:
        # A longer period may hold by now: then the day of the list lies after the last one that may go.
        is_due = any(item.begins_on <= subject.begins_on for subject in due)
        return str(kind), "" if is_due else "not_due"
    match = next((subject for subject in due if subject.public_id == item.subject), None)
    if match is None:
        return f"{kind} –", "not_due"
    if match.blockers:
        return match.label, str(match.blockers[0].value)
    is_changed = SINGLE[kind].changed_since(match.pk, run.proposed_at)
    return match.label, "changed" if is_changed else ""


def _reason(run: ErasureRun, item: ErasureItem) -> ErasureReason:
    """Return why the row is erased; ValueError without two persons."""
    decided_by = run.decided_by_id
    if decided_by is None or decided_by == run.proposed_by_id:  # the database holds it, too
        raise ValueError("an erasure needs two persons")
    return ErasureReason(run.public_id, item.kind, run.proposed_by_id, decided_by)


def _objection(citizen: Citizen, item: ErasureItem, run: ErasureRun, on: datetime.date) -> str:
    """Return why the citizen is left out now: `not_due`, a blocker, or `changed`; empty when she is not."""
    due = due_citizens(on, [citizen.pk])
    if not due or due[0].kind != item.kind:
        return "not_due"
    if due[0].blockers:
        return str(due[0].blockers[0].value)
    return "changed" if changed_since(citizen, run.proposed_at) else ""
