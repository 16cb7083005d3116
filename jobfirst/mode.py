"""Rehearsal or real (FORMATS): a system is one or the other from its first migration on.

The environment says which; the database remembers what was said first. `confirm` is called wherever a
difference would do harm: at start-up, by the draw and by the sending of reminders.
"""

import datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def is_rehearsal() -> bool:
    """True in a rehearsal ("Øvelse"): pages and exports say so, and dates may be given."""
    return settings.JOBFIRST_MODE == "rehearsal"


def confirm() -> None:
    """Stop with ImproperlyConfigured when the environment says another mode than the database."""
    from jobfirst.models import Installation

    stored = Installation.objects.values_list("mode", flat=True).first()
    if stored and stored != settings.JOBFIRST_MODE:
        raise ImproperlyConfigured(
            f"JOBFIRST_MODE is '{settings.JOBFIRST_MODE}', but this system was set up as '{stored}'. "
            "The mode of a system never changes: set JOBFIRST_MODE back, or use another database."
        )


def last_day_allowed(today: datetime.date) -> datetime.date | None:
    """Return the last day on which something can have happened: today; None in a rehearsal, which plays
    ahead of the clock."""
    return None if is_rehearsal() else today
