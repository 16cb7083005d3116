"""Which operations of a migration the version before can live with (docs/operations.md, "A new version")."""

from collections.abc import Iterator, Sequence

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import ManyToManyField
from django.db.models.fields import NOT_PROVIDED, Field

REMOVING = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
#: Attribute of a migration that removes what the version before does not use any more: since which version.
UNUSED_SINCE = "jobfirst_unused_since"


def refusals(migration: migrations.Migration, before: ProjectState) -> Iterator[str]:
    """Yield what the version before cannot live with; `before` is the state in front of the migration."""
    state = before.clone()
    made: set[tuple[str, str]] = set()
    for operation in _flat(migration.operations):
        if isinstance(operation, migrations.CreateModel):
            made.add((migration.app_label, operation.name_lower))
        elif (migration.app_label, _model(operation)) not in made:
            yield from _of_operation(operation, migration, state)
        operation.state_forwards(migration.app_label, state)


def _flat(operations: Sequence[Operation]) -> Iterator[Operation]:
    """Yield the operations, with those inside of others (RenderedOnce, SeparateDatabaseAndState)."""
    for operation in operations:
        inner = getattr(operation, "database_operations", None)
        inner = getattr(operation, "operations", None) if inner is None else inner
        if inner is None:
            yield operation
        else:
            yield from _flat(inner)


def _model(operation: Operation) -> str:
    name = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    return str(name).lower()


def _of_operation(
    operation: Operation, migration: migrations.Migration, state: ProjectState
) -> Iterator[str]:
    text = operation.describe()
    if isinstance(operation, REMOVING) and not getattr(migration, UNUSED_SINCE, ""):
        yield f"{text}: the version before uses it"
    elif isinstance(operation, migrations.AddField) and _must_be_given(operation.field):
        yield f"{text}: the version before adds rows without it (null=True or db_default)"
    elif isinstance(operation, migrations.AlterField) and _must_be_given(operation.field):
        former = state.models[migration.app_label, operation.model_name_lower].fields[operation.name]
        if former.null:
            yield f"{text}: the version before adds rows without it"
    elif isinstance(operation, migrations.AddIndex) and not isinstance(operation, AddIndexConcurrently):
        yield f"{text}: nobody can write meanwhile (AddIndexConcurrently, atomic = False)"


def _must_be_given(field: Field) -> bool:
    is_stored = not isinstance(field, ManyToManyField) and not getattr(field, "generated", False)
    return is_stored and not field.null and field.db_default is NOT_PROVIDED
