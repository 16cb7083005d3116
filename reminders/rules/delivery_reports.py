"""Reading a mail server's report that a mail was not delivered (RFC 3464).

Only reports in that form are read, which all common mail servers send; other texts ("your mail could not be
delivered …") are left to people.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
#: A report has a few parts; what has more is none, and its nesting may be too deep to be read.
MOST_PARTS = 20
_PART = re.compile(rb"boundary|message/", re.IGNORECASE)
#: When the report says that delivery failed, but not how.
UNKNOWN_FAILURE = "5.0.0"


class ReportOutcome(StrEnum):
    """What became of a mail in the mailbox."""

    RECORDED = "recorded"
    UNKNOWN = "unknown"  # no report, or not about a mail of ours
    TOO_EARLY = "too_early"  # the mail's transaction has not committed yet: read again later


@dataclass(frozen=True)
class FailedDelivery:
    """That a mail was not delivered: its Message-ID, and the status (RFC 3463) by failed address.

    The addresses are those that the report names as its recipients: when the mail was forwarded, not the one
    it was written to. A failure that names none has the address "".
    """

    message_id: str
    statuses: Mapping[str, str]

    @property
    def status(self) -> str:
        """The status of the first failure."""
        return next(iter(self.statuses.values()))

    def final_status(self, address: str) -> str | None:
        """Return the status at the address when another mail to it would fail, too (it begins with 5).

        None for an address that the report does not name, and for one that was only tried for too long.
        """
        status = self.statuses.get(address.lower(), "")
        return status if status.startswith("5") else None


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
    statuses = dict(_failures(report))
    if original is None or not statuses:
        return None
    message_id = str(original.get("Message-ID", "")).strip()
    return FailedDelivery(message_id, statuses) if message_id else None


def _failures(report: Message) -> Iterator[tuple[str, str]]:
    """Yield every address at which delivery failed, with the status."""
    for part in report.walk():
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for fields in part.get_payload():
            if isinstance(fields, Message) and str(fields.get("Action", "")).strip().lower() == "failed":
                match = _STATUS.match(str(fields.get("Status", "")).strip())
                status = match.group() if match else UNKNOWN_FAILURE
                for address in _recipients(fields) or [""]:
                    yield address, status


def _recipients(fields: Message) -> list[str]:
    """Return the addresses that a failure is about: as the mail was written to, and where it failed."""
    values = [str(fields.get(name, "")) for name in ("Original-Recipient", "Final-Recipient")]
    addresses = [value.rpartition(";")[2].strip().strip("<>").lower() for value in values]
    return [address for address in addresses if address]


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
