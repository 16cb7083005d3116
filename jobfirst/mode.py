"""Rehearsal or real (docs/formats.md): fixed by the first migration.

The environment states the mode; the database stores the first one. `confirm` compares them wherever a
difference would do harm: at start-up, in the draw and when reminders are sent.
"""

import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _


def is_rehearsal() -> bool:
    """Whether this is a rehearsal ("Øvelse"): pages and exports say so, and future days are allowed."""
    return settings.JOBFIRST_MODE == "rehearsal"


def marked_subject(subject: str) -> str:
    """Return the subject of a message; in a rehearsal it begins with the word for that."""
    return _("Rehearsal: %(subject)s") % {"subject": subject} if is_rehearsal() else subject


def confirm() -> None:
    """Raise ImproperlyConfigured when environment and database state different modes."""
    from jobfirst.models import Installation

    stored = Installation.objects.values_list("mode", flat=True).first()
    if stored and stored != settings.JOBFIRST_MODE:
        raise ImproperlyConfigured(
            f"JOBFIRST_MODE is '{settings.JOBFIRST_MODE}', but this system was set up as '{stored}'. "
            "The mode of a system never changes: set JOBFIRST_MODE back, or use another database."
        )


def last_day_allowed(today: datetime.date) -> datetime.date | None:
    """Return the last day allowed for past events: today; None in a rehearsal, which may use future days."""
    return None if is_rehearsal() else today
