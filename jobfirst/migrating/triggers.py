"""Migrations that add and remove triggers quickly."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

StateForwards = Callable[[Any, str, ProjectState], None]


def _without_rendering(state_forwards: StateForwards) -> StateForwards:
    """Return `state_forwards` so that it changes the state and keeps the rendered models as they are."""

    def change_state(operation: Operation, app_label: str, state: ProjectState) -> None:
        rendered = state.__dict__.pop("apps", None)
        state_forwards(operation, app_label, state)
        if rendered is not None:
            state.__dict__["apps"] = rendered

    return change_state


@contextmanager
def triggers_without_rendering() -> Iterator[None]:
    """Add and remove triggers without rendering the model, and all models related to it, again.

    A trigger is SQL that stands complete in its operation, and no operation asks a rendered model for its
    triggers, but rendering took two fifths of the time of setting up an empty database.
    """
    add, remove = AddTrigger.state_forwards, RemoveTrigger.state_forwards
    # Patched, since released migrations, which never change, name pgtrigger's own operations.
    AddTrigger.state_forwards = _without_rendering(add)  # type: ignore[method-assign, assignment]
    RemoveTrigger.state_forwards = _without_rendering(remove)  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        AddTrigger.state_forwards = add  # type: ignore[method-assign]
        RemoveTrigger.state_forwards = remove  # type: ignore[method-assign]
