"""Later: invitations that the mail server would not take at once."""

from celery import shared_task

from accounts import invitations


@shared_task
def send_due_invitations() -> None:
    """Send what is due; run by beat (CELERY_BEAT_SCHEDULE). Which ones, the database knows."""
    invitations.send_due()
