"""Proposing a list of what is to be erased, and approving it by a second person."""

import datetime
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from jobfirst import clock
from jobfirst.database.advisory_locks import LockKey, lock, lock_if_free
from rights.erasure.everything import all_due
from rights.erasure.subjects import DueSubject
from rights.models import BULK_KINDS, ErasureItem, ErasureRun, RunState
from rights.models.runs import content_hash
from rights.policy import governed_projects

#: Rows on one list: as many as two people look through.
MOST_ON_A_LIST = 500
#: A list waits so long for the second person.
VALID_FOR = datetime.timedelta(days=30)


def unlisted(due: list[DueSubject]) -> list[DueSubject]:
    """Return of what is due what can be put on a list: not blocked, and on no list that waits or is
    approved."""
    runs = ErasureRun.objects.filter(state__in=[RunState.PROPOSED, RunState.APPROVED])
    items = ErasureItem.objects.filter(run__in=runs, subject__isnull=False).values_list("subject", "kind")
    listed = {subject for subject, _kind in items}
    bulk = {kind for _subject, kind in items} & BULK_KINDS  # an id of theirs is made anew for each list
    return [
        subject
        for subject in due
        if not subject.blockers and subject.public_id not in listed and subject.kind not in bulk
    ]


def proposable(user: User, on: datetime.date) -> dict[int | None, list[DueSubject]]:
    """Return what may be put on a list now, by project."""
    by_project: dict[int | None, list[DueSubject]] = defaultdict(list)
    for subject in unlisted(all_due(on, governed_projects(user))):
        by_project[subject.project_id].append(subject)
    return by_project


@transaction.atomic
def propose(user: User, project_id: int | None, on: datetime.date) -> ErasureRun:
    """Store the list of what is to go of the project; ValidationError when there is nothing, or while an
    erasure is carried out, which may take long.

    One list at a time is made: what stands on one stands on no other.
    """
    if not lock_if_free(LockKey.ERASURES, shared=True):
        text = _("An erasure is being carried out right now. Make the list when it has ended.")
        raise ValidationError(text)
    lock(LockKey.ERASURE_LISTS)
    subjects = proposable(user, on).get(project_id, [])[:MOST_ON_A_LIST]
    if not subjects:
        raise ValidationError(_("There is nothing to be erased here now."))
    items = [
        ErasureItem(
            kind=subject.kind, subject=subject.public_id, begins_on=subject.begins_on, due_on=subject.due_on
        )
        for subject in subjects
    ]
    run: ErasureRun = ErasureRun.objects.create(
        project_id=project_id,
        on=on,
        content_hash=content_hash(items),
        proposed_by=user,
        proposed_at=clock.now(),
    )
    for item in items:
        item.run = run
    ErasureItem.objects.bulk_create(items)
    return run


def may_be_withdrawn(run: ErasureRun) -> bool:
    """Whether the list can still be withdrawn: it waits, or is approved and nothing of it was erased yet."""
    return run.state == RunState.PROPOSED or (run.state == RunState.APPROVED and run.begun_at is None)


@transaction.atomic
def decide(run: ErasureRun, user: User, state: RunState, sent_hash: str) -> ErasureRun:
    """Approve or withdraw the list. ValidationError when it was decided, is another list than was seen
    (`sent_hash`), is too old, or when the person who proposed it approves it."""
    locked = ErasureRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    is_open = locked.state == RunState.PROPOSED if state == RunState.APPROVED else may_be_withdrawn(locked)
    if not is_open:
        raise ValidationError(_("Somebody has decided on this list already."))
    if state == RunState.APPROVED:
        if locked.proposed_by_id == user.pk:
            raise ValidationError(_("You proposed this list: another person approves it."))
        if sent_hash != locked.content_hash or content_hash(list(locked.items.all())) != locked.content_hash:
            raise ValidationError(_("The list is another one than you have seen. Look at it again."))
        if clock.now() - locked.proposed_at > VALID_FOR:
            raise ValidationError(_("The list is too old: withdraw it and make a new one."))
    now = clock.now()
    if locked.state == RunState.PROPOSED:  # who approved it stays when it is withdrawn
        locked.decided_by, locked.decided_at = user, now
    if state == RunState.WITHDRAWN:
        locked.withdrawn_by, locked.withdrawn_at = user, now
    locked.state = state
    locked.save(update_fields=["state", "decided_by", "decided_at", "withdrawn_by", "withdrawn_at"])
    return locked
