"""The digest as a mail, with citizens' initials and links and no other personal data (D34)."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from jobfirst import mode
from jobfirst.messaging.transports import headers
from reminders.models import Digest, DigestItem, ReminderReason
from reminders.wording import reminder_lines


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
            headers=headers(digest.public_id) | {"List-Id": f"JobFirst reminders <reminders.{host}>"},
        )
        message.attach_alternative(render_to_string("reminders/digest.html", context), "text/html")
    return message


def _subject(count: int) -> str:
    subject = ngettext("JobFirst: %(count)d reminder", "JobFirst: %(count)d reminders", count) % {
        "count": count
    }
    return mode.marked_subject(subject)
