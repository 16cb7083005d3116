"""Invitations that come back, as the mail server reports them (D52)."""

import datetime
import uuid

from evaluation.steering.models import SteeringInvitation
from jobfirst.messaging.outgoing import SendingState
from reminders.rules.delivery_reports import FailedDelivery, ReportOutcome


def record_returned(
    public_id: uuid.UUID, report: FailedDelivery, at: datetime.datetime
) -> ReportOutcome | None:
    """Record that the invitation with this Message-ID was not delivered; None when there is none. Idempotent.

    It counts as sent: the leader sees on the meeting that it came back, and it is sent anew once the member's
    address is another one.
    """
    invitation = (
        SteeringInvitation.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    )
    if invitation is None:
        return None
    if invitation.state == SendingState.PENDING:
        return ReportOutcome.TOO_EARLY
    if invitation.returned_at is None:
        invitation.returned_at, invitation.return_status = at, report.status
        invitation.save(update_fields=["returned_at", "return_status"])
    return ReportOutcome.RECORDED
