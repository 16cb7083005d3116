"""The Celery tasks of reminders. The database says what is due: a task may run twice, late or not at all
without harm. Arguments are ids only."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from jobfirst import mode
from jobfirst.database.one_at_a_time import run_exclusively
from jobfirst.messaging.mute import is_muted
from jobfirst.row_security.context import all_projects
from jobfirst.values.working_days import is_working_day
from reminders import actions, bounces
from reminders.models import Round

logger = logging.getLogger(__name__)


@shared_task
@all_projects("the morning's mails are made for every project")
def tick() -> None:
    """Make today's digests unless they are made, and queue those that wait to be sent (D33): the 07:00 mail.

    Its hours are settings (`JOBFIRST_DIGEST_FROM_HOUR`, `CELERY_BEAT_SCHEDULE`).

    Checks the hour itself: a beat that was down runs a missed tick as soon as it is up, possibly at night.
    """
    now = timezone.localtime()
    on = now.date()
    if now.hour < settings.JOBFIRST_DIGEST_FROM_HOUR or not is_working_day(on):
        return
    mode.confirm()
    with run_exclusively("reminders.tick") as is_alone:
        if not is_alone:
            return
        if not Round.objects.filter(on=on).exists():
            actions.make_digests(on)
        if not is_muted():
            for pk in actions.waiting_digests(on, now):
                send_digest.delay(pk)


@shared_task
@all_projects("mails of every project come back")
def read_bounces() -> None:
    """Read the mails that came back (D52); nothing without a mailbox in the settings."""
    try:
        bounces.read_bounces()
    except bounces.MailboxError as error:
        logger.error("%s", error)


@shared_task(expires=14 * 60)  # what still waits is queued again by the next tick
@all_projects("a person may have reminders of several projects")
def send_digest(pk: int) -> None:
    """Send one digest, unless it is sent or being sent: what the recipient is still told of today."""
    actions.send_digest(pk, timezone.localdate())
