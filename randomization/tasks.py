"""The Celery tasks of the draw. Idempotent: the database says what is sent already."""

from celery import shared_task

from jobfirst import clock, mode
from jobfirst.row_security.context import all_projects
from randomization.ledger.head_mail import send_heads


@shared_task
@all_projects("there is one ledger of all projects")
def mail_head() -> None:
    """Mail the ledger's head of the day to everybody at the agency who has not got it."""
    mode.confirm()
    send_heads(clock.today())
