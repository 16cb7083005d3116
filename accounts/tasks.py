"""Sending invitations that the mail server did not accept at first, and signed links.

The database says what is due: a task may run twice, late or not at all without harm. Arguments are ids only.
"""

from celery import shared_task
from django.utils import timezone

from accounts.links import delivery, requests
from accounts.people import confirmations, invitations
from jobfirst import mode
from jobfirst.database.one_at_a_time import run_exclusively
from jobfirst.messaging.mute import is_muted
from jobfirst.row_security.context import all_projects, no_project


@shared_task
@no_project("invitations are about users")
def send_due_invitations() -> None:
    """Send the due invitations, and close what no second administrator confirmed in time; run by beat."""
    confirmations.expire_lapsed(timezone.now())
    invitations.send_due()


@shared_task(expires=10 * 60)  # what still waits then is sent by the periodic task
@all_projects("the link may be of any project")
def send_link(pk: int) -> None:
    """Send one link, unless it is sent or being sent."""
    mode.confirm()
    delivery.send_link(pk)


@shared_task
@all_projects("the links of every project wait here")
def send_waiting_links() -> None:
    """Handle the requests for new links (D44), and send the links that wait; nothing in a muted system."""
    mode.confirm()
    if is_muted():
        return
    with run_exclusively("accounts.send_waiting_links") as is_alone:
        if is_alone:
            now = timezone.now()
            requests.handle_requests(now)
            delivery.send_waiting(now)
