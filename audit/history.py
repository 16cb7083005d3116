"""History in the database: every change of a tracked row is kept by triggers (django-pghistory)."""

from collections.abc import Callable
from typing import Any

import pghistory
from pghistory import models


class Event(models.Event):
    """What every event table is: written by triggers, read by us, changed by nobody."""

    jobfirst_append_only = True

    class Meta:
        """No table of its own."""

        abstract = True


def tracked(**options: Any) -> Callable[[type], type]:
    """Class decorator: keep each insert, update and delete of the model in its event table.

    Takes pghistory.track's options; `exclude` names the fields that must not be copied (secrets).
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        base_model=Event,
        **options,
    )
