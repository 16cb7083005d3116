"""The pages of signed links, with links that work: to the contact person and to the citizen."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from accounts.links.actions import hand_over_link
from accounts.links.models import RecipientKind, SignedLink
from cases.messaging.appointments import token_of
from cases.models import AppointmentMessage, FollowUpMeeting
from companies.annex.links import CODE as ANNEX
from companies.closing.links import CODE as CLOSING
from companies.models import WorkAgreement
from companies.reports.links import CODE as REPORT
from companies.signing.links import READ, SIGN
from jobfirst import clock
from jobfirst.values.dates import DAY

#: The addresses of each purpose.
ADDRESSES = {
    SIGN: ("companies:sign_by_link", "companies:decline_by_link"),
    READ: ("companies:read_by_link", "companies:pdf_by_link"),
    ANNEX: ("companies:annex_by_link",),
    CLOSING: ("companies:closing_by_link",),
    REPORT: ("companies:report_by_link",),
}


def paths_of_links(world: Any) -> Iterator[tuple[str, str]]:
    """Make links about the agreement of the course of `own`; yield names and paths of their pages."""
    agreement = WorkAgreement.objects.get(public_id=world.ids["agreement"]["own"])
    course = agreement.placement.course
    recipients = {
        RecipientKind.COMPANY_CONTACT: agreement.company_contact.public_id,
        RecipientKind.CITIZEN: course.public_id,
    }
    for purpose, names in ADDRESSES.items():
        subject = agreement.public_id if purpose in {SIGN, READ} else agreement.placement.public_id
        for kind, recipient in recipients.items():
            link = SignedLink(recipient_kind=kind, recipient=recipient, project=course.project)
            secret = hand_over_link(purpose, link, now=clock.now(), subject=subject)
            for name in names:
                yield name, reverse(name, args=[secret])
    yield "cases:appointment", reverse("cases:appointment", args=[token_of(_message(world))])


def _message(world: Any) -> AppointmentMessage:
    """Make a message about a meeting that is booked for tomorrow."""
    meeting = FollowUpMeeting.objects.get(public_id=world.ids["meeting"]["own"])
    FollowUpMeeting.objects.filter(pk=meeting.pk).update(planned_at=clock.now() + DAY)
    meeting.refresh_from_db()
    return AppointmentMessage.objects.create(
        meeting=meeting, planned_at=meeting.planned_at, channel="mail", state="sent", sent_at=clock.now()
    )
