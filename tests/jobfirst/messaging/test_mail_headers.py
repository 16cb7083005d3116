"""No text becomes a header of a mail, and no address holds a line break."""

import uuid

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMessage
from django.core.validators import validate_email

from jobfirst.messaging.calendar_mail import CalendarMail, InvitationMethod, compose
from jobfirst.messaging.transports import MailTransport, send_mail
from tests.factories import UserFactory

BREAKS = {"line feed": "\n", "return": "\r", "both": "\r\n"}
ADDED = "Bcc: everybody@example.invalid"

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("line_break", BREAKS.values(), ids=BREAKS)
def test_a_line_break_makes_no_header(line_break):
    subject = f"Meeting{line_break}{ADDED}"
    with pytest.raises(BadHeaderError):
        MailTransport().send("mentor@example.invalid", subject, "text", uuid.uuid4())
    with pytest.raises(BadHeaderError):
        send_mail(EmailMessage("Meeting", "text", to=[f"mentor@example.invalid{line_break}{ADDED}"]))
    assert mail.outbox == []


def test_what_looks_like_a_header_in_the_text_stays_text():
    MailTransport().send("mentor@example.invalid", "Meeting", f"{ADDED}\r\n\r\ntext", uuid.uuid4())
    (message,) = mail.outbox
    assert message.message()["Bcc"] is None
    assert message.recipients() == ["mentor@example.invalid"]


def test_the_place_of_a_meeting_makes_no_line_of_the_calendar(settings):
    from datetime import UTC, datetime, timedelta

    appointment = CalendarMail(
        key=uuid.uuid4(),
        reference=uuid.uuid4(),
        recipient="mentor@example.invalid",
        method=InvitationMethod.REQUEST,
        sequence=0,
        begins=datetime(2026, 5, 4, 8, tzinfo=UTC),
        length=timedelta(hours=1),
        summary="Meeting",
        text="text",
        place="Room 1\r\nATTENDEE:mailto:everybody@example.invalid\nEND:VEVENT",
    )
    ((calendar, _kind),) = compose(appointment).alternatives
    lines = calendar.splitlines()
    assert [line for line in lines if line.startswith("ATTENDEE")] != []
    assert not [line for line in lines if line.startswith("ATTENDEE:mailto:everybody")]
    assert lines.count("END:VEVENT") == 1


@pytest.mark.parametrize("line_break", BREAKS.values(), ids=BREAKS)
def test_no_address_with_a_line_break_is_taken(line_break):
    address = f"mentor@example.invalid{line_break}{ADDED}"
    with pytest.raises(ValidationError):
        validate_email(address)
    with pytest.raises(ValidationError):
        UserFactory.build(email=address).clean_fields(exclude=["password"])
