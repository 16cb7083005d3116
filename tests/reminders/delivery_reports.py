"""Reports of mail servers as they write them (RFC 3464), made from the mail that was not delivered."""

from email.message import Message

REPORT = """\
From: MAILER-DAEMON@mx.kommune.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_report"

This is a MIME-encapsulated message.

--=_report
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--=_report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.kommune.example
Arrival-Date: Thu, 7 Apr 2016 07:00:02 +0200

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user here

--=_report
Content-Type: {returned_type}

{returned}
--=_report--
"""


def report_about(
    original: Message, *, action="failed", status="5.1.1", headers_only=False, recipient=None
) -> bytes:
    """Return the report about a mail, which gives back the mail or only its headers.

    `recipient`: another address than the mail's, to which its recipient forwards.
    """
    headers = "".join(f"{name}: {value}\n" for name, value in original.items() if value.isascii())
    return REPORT.format(
        address=recipient or original["To"],
        action=action,
        status=status,
        returned_type="text/rfc822-headers" if headers_only else "message/rfc822",
        returned=headers if headers_only else original.as_bytes().decode("ascii", "replace"),
    ).encode("ascii", "replace")
