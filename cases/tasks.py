"""The periodic tasks of cases. The database says what is due: each may run twice, late or not at all."""

from celery import shared_task
from django.utils import timezone

from cases.actions.unusual_use import tell_leaders
from cases.messaging import appointments, delivery
from jobfirst import clock, mode
from jobfirst.database.one_at_a_time import run_exclusively
from jobfirst.messaging.mute import is_muted
from jobfirst.row_security.context import all_projects


@shared_task
@all_projects("the messages of every project wait here")
def send_meeting_messages() -> None:
    """Store the appointment messages that are due, and send what waits; nothing in a muted system."""
    mode.confirm()
    if is_muted():
        return
    with run_exclusively("cases.send_meeting_messages") as is_alone:
        if is_alone:
            now = timezone.now()
            appointments.store_due_messages(now)
            delivery.send_waiting(now)


@shared_task
@all_projects("the leaders of every project are told")
def report_unusual_use() -> None:
    """Tell the leaders with the day's digest that somebody used the system unusually the day before."""
    mode.confirm()
    tell_leaders(clock.today())
