"""Proposing a list of citizens to be erased, and approving it by a second person."""

import datetime
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from jobfirst import clock
from rights.erasure.due import DueCitizen, due_citizens
from rights.models import ErasureItem, ErasureRun, RunState
from rights.models.runs import content_hash
from rights.policy import governed_projects

#: Citizens on one list: as many as two people look through.
MOST_ON_A_LIST = 500
#: A list waits so long for the second person.
VALID_FOR = datetime.timedelta(days=30)


def listed_subjects() -> set[object]:
    """Return the public ids of the citizens on lists that wait or are approved."""
    runs = ErasureRun.objects.filter(state__in=[RunState.PROPOSED, RunState.APPROVED])
    return set(
        ErasureItem.objects.filter(run__in=runs, subject__isnull=False).values_list("subject", flat=True)
    )


def proposable(user: User, on: datetime.date) -> dict[int | None, list[DueCitizen]]:
    """Return who may be put on a list now, by project: due, not blocked, and on no other list."""
    listed = listed_subjects()
    projects = governed_projects(user)
    by_project: dict[int | None, list[DueCitizen]] = defaultdict(list)
    for citizen in due_citizens(on):
        if not citizen.blockers and citizen.public_id not in listed and citizen.project_id in projects:
            by_project[citizen.project_id].append(citizen)
    return by_project


@transaction.atomic
def propose(user: User, project_id: int | None, on: datetime.date) -> ErasureRun:
    """Store the list of the project's citizens who are to go; ValidationError when there are none."""
    citizens = proposable(user, on).get(project_id, [])[:MOST_ON_A_LIST]
    if not citizens:
        raise ValidationError(_("There is nobody to be erased here now."))
    items = [
        ErasureItem(
            kind=citizen.kind, subject=citizen.public_id, begins_on=citizen.begins_on, due_on=citizen.due_on
        )
        for citizen in citizens
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


@transaction.atomic
def decide(run: ErasureRun, user: User, state: RunState, sent_hash: str) -> ErasureRun:
    """Approve or withdraw the list. ValidationError when it was decided, is another list than was seen
    (`sent_hash`), is too old, or when the person who proposed it approves it."""
    locked = ErasureRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if locked.state != RunState.PROPOSED:
        raise ValidationError(_("Somebody has decided on this list already."))
    if state == RunState.APPROVED:
        if locked.proposed_by_id == user.pk:
            raise ValidationError(_("You proposed this list: another person approves it."))
        if sent_hash != locked.content_hash or content_hash(list(locked.items.all())) != locked.content_hash:
            raise ValidationError(_("The list is another one than you have seen. Look at it again."))
        if clock.now() - locked.proposed_at > VALID_FOR:
            raise ValidationError(_("The list is too old: withdraw it and make a new one."))
    locked.state, locked.decided_by, locked.decided_at = state, user, clock.now()
    locked.save(update_fields=["state", "decided_by", "decided_at"])
    return locked
