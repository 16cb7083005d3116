"""What beat and the worker do for the draw. Thin: the database says what is sent."""

from celery import shared_task

from jobfirst import clock, mode
from randomization.ledger.head_mail import send_heads


@shared_task
def mail_head() -> None:
    """Mail the ledger's head of the day to the agency, unless it has had it."""
    mode.confirm()
    send_heads(clock.today())
