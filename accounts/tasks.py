"""Sending invitations that the mail server did not accept at first."""

from celery import shared_task

from accounts import invitations


@shared_task
def send_due_invitations() -> None:
    """Send the due invitations; run by beat (CELERY_BEAT_SCHEDULE)."""
    invitations.send_due()
