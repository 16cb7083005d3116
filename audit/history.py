"""History: triggers store every change of a tracked row in an event table (django-pghistory)."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import pghistory
from django.apps import apps
from django.db.models import Model
from pghistory import models

ModelT = TypeVar("ModelT", bound=Model)


class Event(models.Event):
    """The base of every event table: written by triggers, never changed.

    Its name ends the name of each event model, and so of each table (`MembershipEvent`).
    """

    jobfirst_append_only = True
    #: The application has no right to insert: the triggers write, with the rights of the tables' owner.
    jobfirst_written_by_triggers = True

    class Meta:
        """No table of its own."""

        abstract = True


@cache
def event_models() -> tuple[type[Event], ...]:
    """Return the models whose tables hold the history of another one."""
    return tuple(model for model in apps.get_models() if issubclass(model, Event) and model._meta.managed)


def tracked(**options: Any) -> Callable[[type[ModelT]], type[ModelT]]:
    """Class decorator: store each insert, update and delete of the model in its event table.

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
