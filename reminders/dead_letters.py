"""Digests that were given up (D34): refused for good, or tried too often.

Their reminders count as not told: the next working day's round drops the dead letter and puts what is still
due into a digest of its own (`reminders.actions.make_digests`). Until then an administrator can send it
again.
"""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reminders import tasks
from reminders.models import Digest, DigestState


def fetch_dead_letters() -> QuerySet[Digest]:
    """Return the dead letters with their recipients, the latest failure first."""
    dead = Digest.objects.filter(state=DigestState.DEAD).select_related("recipient")
    return dead.order_by("-attempted_at", "pk")


@transaction.atomic
def send_again(public_id: uuid.UUID) -> Digest:
    """Let a dead letter wait again, with all its attempts, and queue it after the commit.

    It keeps its Message-ID. ValidationError when it is no dead letter any more.
    """
    digest = (
        Digest.objects.select_for_update(of=("self",))
        .select_related("recipient")
        .filter(public_id=public_id, state=DigestState.DEAD)
        .first()
    )
    if digest is None:
        raise ValidationError(_("This e-mail is not waiting to be sent again any more."))
    digest.state, digest.attempts, digest.attempted_at = DigestState.PENDING, 0, None
    digest.save(update_fields=["state", "attempts", "attempted_at"])
    transaction.on_commit(lambda: tasks.send_digest.delay(digest.pk))
    return digest
