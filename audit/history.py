"""History in the database: every change of a tracked row is kept by triggers (django-pghistory)."""

from collections.abc import Callable
from typing import Any, TypeVar

import pghistory
from django.db.models import Model
from pghistory import models

ModelT = TypeVar("ModelT", bound=Model)


class Event(models.Event):
    """What every event table is: written by triggers, read by us, changed by nobody."""

    jobfirst_append_only = True

    class Meta:
        """No table of its own."""

        abstract = True


def tracked(**options: Any) -> Callable[[type[ModelT]], type[ModelT]]:
    """Class decorator: keep each insert, update and delete of the model in its event table.

    Takes pghistory.track's options; `exclude` names the fields that must not be copied (secrets).
    """
    track: Callable[[type[ModelT]], type[ModelT]] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        base_model=Event,
        **options,
    )
    return track
