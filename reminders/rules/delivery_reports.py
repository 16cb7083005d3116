"""Reading a mail server's report that a mail was not delivered (RFC 3464).

Only reports in that form are read, which all common mail servers send; other texts ("your mail could not be
delivered …") are left to people.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
#: A report has a few parts; what has more is none, and its nesting may be too deep to be read.
MOST_PARTS = 20
_PART = re.compile(rb"boundary|message/", re.IGNORECASE)
#: When the report says that delivery failed, but not how.
UNKNOWN_FAILURE = "5.0.0"


@dataclass(frozen=True)
class FailedDelivery:
    """That a mail was not delivered: its Message-ID, the address it was written to, the status (RFC 3463).

    A status that begins with 5 is final for the address; one with 4 says that it was tried for too long.
    """

    message_id: str
    address: str
    status: str

    @property
    def is_final(self) -> bool:
        """Whether another mail to the address would fail, too."""
        return self.status.startswith("5")


def read_report(content: bytes) -> FailedDelivery | None:
    """Return the failure that a mail reports; None when it is no such report, or delivery is only delayed.

    A mail with more parts than a report has is not parsed: parsing takes time and stack with their number.
    """
    if sum(1 for _part in _PART.finditer(content)) > MOST_PARTS:
        return None
    report = email.message_from_bytes(content)
    if report.get_content_type() != "multipart/report" or not report.is_multipart():
        return None
    original = _original(report)
    status = next(_failures(report), None)
    if original is None or status is None:
        return None
    message_id = str(original.get("Message-ID", "")).strip()
    address = parseaddr(str(original.get("To", "")))[1]
    return FailedDelivery(message_id, address, status) if message_id and address else None


def _failures(report: Message) -> Iterator[str]:
    """Yield the status of every recipient for whom delivery failed."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for fields in part.get_payload():
            if isinstance(fields, Message) and str(fields.get("Action", "")).strip().lower() == "failed":
                status = _STATUS.match(str(fields.get("Status", "")).strip())
                yield status.group() if status else UNKNOWN_FAILURE


def _original(report: Message) -> Message | None:
    """Return the mail that was not delivered, or its headers, as the report gives them back."""
    for part in report.get_payload():
        if not isinstance(part, Message):
            continue
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            inner = part.get_payload(0)
            return inner if isinstance(inner, Message) else None
        if part.get_content_type() == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            return email.message_from_bytes(headers) if isinstance(headers, bytes) else None
    return None
