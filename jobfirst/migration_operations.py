"""Operations for initial migrations, and triggers that are added and removed quickly."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger


class RenderedOnce(Operation):
    """Several operations, such as creating related models, applied with one rendering of the models.

    Django renders all models again after every operation, which takes most of the time of setting up an empty
    database. Here each operation works on the state after all of them. Right for operations that create
    (models, triggers); wrong for operations that change what another one has created.
    """

    reduces_to_sql = True
    reversible = False
    serialization_expand_args = ["operations"]

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.operations], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        rendered = state.__dict__.pop("apps", None) is not None
        for operation in self.operations:
            operation.state_forwards(app_label, state)
        if rendered:
            _ = state.apps  # render the discarded models once

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "Create all of it together"


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
