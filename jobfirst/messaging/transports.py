"""How a short text leaves the system: by mail, or by SMS through a gateway's HTTP interface (D53).

SMS is off until JOBFIRST_SMS_URL is set (docs/operations.md). The gateway gets a POST of JSON with `to`,
`from`, `text` and `reference`, and answers 2xx when it has taken the message. The reference is the same at
every attempt, also in the header `Idempotency-Key`, so that a gateway can leave out a repetition.
"""

import http.client
import json
import smtplib
import urllib.error
import urllib.request
import uuid
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from jobfirst.edges.direct_requests import direct_opener
from jobfirst.messaging.mute import is_muted
from jobfirst.messaging.outgoing import MessageChannel
from jobfirst.values.phone_numbers import number_to_dial

TIMEOUT = 20  # seconds
#: Answers of a gateway after which the same message may succeed later.
RETRIED = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class DeliveryError(Exception):
    """A message was not accepted. `code` names the error without any text; a permanent one is not retried."""

    def __init__(self, code: str, *, is_final: bool) -> None:
        super().__init__(code)
        self.code = code
        self.is_final = is_final


class Transport(Protocol):
    """Sends a text to an address of its kind; `DeliveryError` when it is not accepted."""

    def send(self, to: str, subject: str, text: str, reference: uuid.UUID) -> None: ...


def refuse_when_muted() -> None:
    """Raise `DeliveryError` in a muted system. Those who send ask before; this holds for whoever forgot."""
    if is_muted():
        raise DeliveryError("Muted", is_final=False)


def send_mail(message: EmailMessage) -> None:
    """Send a mail; `DeliveryError` instead of the mail library's errors. All mails leave by this function."""
    refuse_when_muted()
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(error_code(error), is_final=is_permanent(error)) from error


class MailTransport:
    """Sends the text as a mail."""

    def send(self, to: str, subject: str, text: str, reference: uuid.UUID) -> None:
        """Send the mail. Its Message-ID is the reference, the same at every attempt."""
        send_mail(
            EmailMessage(subject, text, settings.JOBFIRST_RETURN_ADDRESS, [to], headers=headers(reference))
        )


class SmsTransport:
    """Sends the text through the gateway of the settings."""

    def send(self, to: str, subject: str, text: str, reference: uuid.UUID) -> None:
        """Send the SMS; it has no subject."""
        refuse_when_muted()
        content = {
            "to": number_to_dial(to),
            "from": settings.JOBFIRST_SMS_SENDER,
            "text": text,
            "reference": str(reference),
        }
        request = urllib.request.Request(  # noqa: S310  # the settings allow http(s) only
            settings.JOBFIRST_SMS_URL,
            data=json.dumps(content).encode(),
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": str(reference),
                **({"Authorization": f"Bearer {token}"} if (token := settings.JOBFIRST_SMS_TOKEN) else {}),
            },
            method="POST",
        )
        try:
            with direct_opener().open(request, timeout=TIMEOUT) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
            error.close()
        except (OSError, http.client.HTTPException) as error:
            raise DeliveryError(type(error).__name__, is_final=False) from error
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            is_final = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
            raise DeliveryError(f"HTTP {status}", is_final=is_final and status not in RETRIED)


def is_sms_on() -> bool:
    """Whether a gateway is set."""
    return bool(settings.JOBFIRST_SMS_URL)


TRANSPORTS: dict[str, Transport] = {
    MessageChannel.EMAIL: MailTransport(),
    MessageChannel.SMS: SmsTransport(),
}


def headers(reference: uuid.UUID | str) -> dict[str, str]:
    """Return the headers of a mail that a program sends; the reference makes its Message-ID."""
    host = urlsplit(settings.JOBFIRST_BASE_URL).hostname
    return {
        "Auto-Submitted": "auto-generated",
        "From": settings.DEFAULT_FROM_EMAIL,
        "Message-ID": f"<{reference}@{host}>",
        "X-Auto-Response-Suppress": "All",
    }


def error_code(error: Exception) -> str:
    """Return the type of a delivery error and the server's code, without the text, which may name people."""
    code = getattr(error, "smtp_code", None)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()), (None,))[0]
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"


def is_permanent(error: Exception) -> bool:
    """Whether the server refuses the recipient, or the mail (which has one recipient), for good: 5xx.

    A refusal of the sender or of the sign-in is a matter of our settings, not of the recipient's address.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600
