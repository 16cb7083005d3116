"""The mail of a head: words for people, and the same as a JSON file that a verification reads."""

import json
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage

from jobfirst import mode
from jobfirst.messaging.transports import headers


def head_mail(
    subject: str,
    body: str,
    recipients: Sequence[str],
    *,
    message_key: str,
    file_name: str,
    document: dict[str, Any],
) -> EmailMessage:
    """Return the mail, unsent, with the document attached; a rehearsal says so in its subject.

    `message_key` makes the Message-ID, so that a repeated delivery of the same mail is recognised.
    """
    message = EmailMessage(
        subject=mode.marked_subject(subject),
        body=body,
        to=list(recipients),
        headers=headers(message_key),
    )
    message.attach(file_name, json.dumps(document, indent=1), "application/json")
    return message
