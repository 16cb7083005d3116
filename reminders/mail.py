"""The digest as a mail, with citizens' initials and links and no other personal data (D34)."""

import smtplib
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobfirst import mode
from reminders.lines import reminder_lines
from reminders.models import Digest, DigestItem, ReminderReason


def compose(digest: Digest, items: Sequence[DigestItem]) -> EmailMultiAlternatives:
    """Return the mail for a digest, unsent. Its Message-ID is the digest's, the same at every attempt."""
    host = urlsplit(settings.JOBFIRST_BASE_URL).hostname
    with translation.override(settings.LANGUAGE_CODE):
        lines = list(reminder_lines(((item.reminder, item.is_new) for item in items), digest.on))
        context = {
            "news": [line for line in lines if line.is_new and line.reason != ReminderReason.ESCALATED],
            "escalated": [line for line in lines if line.reason == ReminderReason.ESCALATED],
            "still_open": [
                line for line in lines if not line.is_new and line.reason != ReminderReason.ESCALATED
            ],
            "on": digest.on,
            "is_rehearsal": mode.is_rehearsal(),
            "page": settings.JOBFIRST_BASE_URL + reverse("reminders:mine"),
        }
        message = EmailMultiAlternatives(
            subject=_subject(len(lines)),
            body=render_to_string("reminders/digest.txt", context),
            from_email=settings.JOBFIRST_RETURN_ADDRESS,
            to=[digest.recipient.email],
            headers={
                "Auto-Submitted": "auto-generated",
                "From": settings.DEFAULT_FROM_EMAIL,
                "List-Id": f"JobFirst reminders <reminders.{host}>",
                "Message-ID": f"<{digest.public_id}@{host}>",
                "X-Auto-Response-Suppress": "All",
            },
        )
        message.attach_alternative(render_to_string("reminders/digest.html", context), "text/html")
    return message


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


def _subject(count: int) -> str:
    subject = ngettext("JobFirst: %(count)d reminder", "JobFirst: %(count)d reminders", count) % {
        "count": count
    }
    return _("Rehearsal: %(subject)s") % {"subject": subject} if mode.is_rehearsal() else subject
