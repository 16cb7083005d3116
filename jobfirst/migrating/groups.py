"""Migrations that render the models once for several operations.

Django renders a model, and all models related to it (here nearly all), after every operation. That is most of
the time of setting up an empty database, which is most of the time of a restore.
"""

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import operations as kinds
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from jobfirst.migrating.operations import RenderedOnce

#: These see no difference between the state after them and that after the operations that follow, as long as
#: none follows on a table that was made in the same group. Exactly these classes: not what derives from them.
GROUPED = (
    kinds.CreateModel,
    kinds.AddField,
    kinds.AlterField,
    kinds.AddIndex,
    kinds.AddConstraint,
    kinds.AlterModelOptions,
    kinds.AlterModelManagers,
    AddTrigger,
    RemoveTrigger,
)
TRIGGERS = (AddTrigger, RemoveTrigger)


def in_groups(operations: Sequence[Operation]) -> list[Operation]:
    """Return the same operations in the same order, with those that can be rendered together in groups.

    A group ends before an operation on a table that was made in it (but for triggers, which no table is made
    with), and before a column is altered of a table that the group has touched.
    """
    groups: list[list[Operation]] = []
    made: set[str] = set()
    touched: set[str] = set()
    for operation in operations:
        table = _table(operation)
        is_grouped = type(operation) in GROUPED
        ends_group = (
            not is_grouped
            or not groups
            or type(groups[-1][-1]) not in GROUPED
            or (table in made and type(operation) not in TRIGGERS)
            or (type(operation) is kinds.AlterField and table in touched)
        )
        if ends_group:
            groups.append([])
            made, touched = set(), set()
        groups[-1].append(operation)
        touched.add(table)
        if isinstance(operation, kinds.CreateModel):
            made.add(table)
    return [operation for group in groups for operation in _rendered_once(group)]


def _rendered_once(group: list[Operation]) -> list[Operation]:
    """Return the group as one operation, where that saves a rendering: triggers alone need none."""
    renderings = sum(type(operation) not in TRIGGERS for operation in group)
    return [RenderedOnce(group)] if renderings > 1 else group


def _table(operation: Operation) -> str:
    name = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    return str(name).lower()


@contextmanager
def operations_rendered_in_groups() -> Iterator[None]:
    """Let migrations be applied in groups inside the block."""
    apply = Migration.apply

    def apply_in_groups(
        migration: Migration,
        project_state: ProjectState,
        schema_editor: BaseDatabaseSchemaEditor,
        collect_sql: bool = False,
    ) -> ProjectState:
        grouped = copy.copy(migration)
        grouped.operations = in_groups(migration.operations)  # type: ignore[misc]  # set by Django, too
        return apply(grouped, project_state, schema_editor, collect_sql)

    Migration.apply = apply_in_groups  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Migration.apply = apply  # type: ignore[method-assign]
