"""Remove rows with what hangs on them and their history, and note what the audit log loses.

Everything here runs signed in as the owner of the tables, after `let_owner_erase`.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.apps import apps
from django.db.backends.utils import CursorWrapper
from django.db.models import CASCADE, SET_NULL, Case, CharField, Model, Value, When
from pghistory.models import Context
from psycopg import sql

from audit.chain.erasures import ErasureReason, record_erased
from audit.chain.tables import sealed_tables
from audit.history import Event, event_models
from rights.report.coverage import tracked_model

#: Rows of the audit log in one record of what was erased.
RECORDED_AT_ONCE = 20_000
#: Stands where a text was that must not be empty.
BLANK = "–"
#: Stands in an address where an id of what was erased stood.
CUT = "…"


def if_filled(column: str) -> Case:
    """A dash where something was written; what was empty stays empty, as constraints ask."""
    return Case(When(**{column: ""}, then=Value("")), default=Value(BLANK), output_field=CharField())


class Removal:
    """What one erasure removes: `sealed` are numbers of rows of the audit log by table, `contexts` those of
    the history that was removed."""

    def __init__(self, cursor: CursorWrapper) -> None:
        self.cursor = cursor
        self.sealed: dict[str, list[int]] = defaultdict(list)
        self.contexts: set[uuid.UUID] = set()

    def delete(self, model: type[Model], keys: Collection[Any]) -> None:
        """Delete these rows of one table, and nothing else."""
        if not keys:
            return
        table = model._meta.db_table
        if table in sealed_tables():
            self.sealed[table].extend(keys)
        delete = sql.SQL("DELETE FROM {} WHERE {} = ANY (%s)").format(
            sql.Identifier(table), sql.Identifier(str(model._meta.pk.column))
        )
        self.cursor.execute(delete, [list(keys)])

    def delete_whole(self, model: type[Model], keys: Collection[Any]) -> None:
        """Delete rows with those that belong to them (CASCADE), and the history of all."""
        if not keys:
            return
        for other, field in _keys_to(model):
            rows = other._base_manager.filter(**{f"{field}__in": keys})
            on_delete = other._meta.get_field(field).remote_field.on_delete  # type: ignore[union-attr]  # a key
            if on_delete is CASCADE:
                self.delete_whole(other, list(rows.values_list("pk", flat=True)))
            elif on_delete is SET_NULL:
                rows.update(**{field: None})
        self.delete_history(model, keys)
        self.delete(model, keys)

    def delete_history(self, model: type[Model], keys: Collection[Any]) -> None:
        """Delete the history of these rows, which stay."""
        for events in histories_of(model):
            self.delete_events(events, events._base_manager.filter(pgh_obj__in=keys))  # type: ignore[misc]  # of every event

    def delete_events(self, events: type[Event], rows: Any) -> None:
        """Delete these rows of a table of the history."""
        self.contexts.update(rows.exclude(pgh_context=None).values_list("pgh_context_id", flat=True))
        self.delete(events, list(rows.values_list("pk", flat=True)))

    def finish(self, known_ids: Iterable[uuid.UUID], reason: ErasureReason) -> None:
        """Cut the ids out of what led to the rows, and record what the audit log lost."""
        self._cut_contexts({str(known) for known in known_ids})
        for table in sorted(self.sealed):
            numbers = sorted(set(self.sealed[table]))
            for first in range(0, len(numbers), RECORDED_AT_ONCE):
                part = numbers[first : first + RECORDED_AT_ONCE]
                record_erased(self.cursor, table, part, reason)

    def _cut_contexts(self, named: set[str]) -> None:
        """Delete the contexts that no event has any more; in the others cut the ids out of the address."""
        if not self.contexts:
            return
        still: set[uuid.UUID] = set()
        for model in event_models():
            used = model._base_manager.filter(pgh_context_id__in=self.contexts)  # type: ignore[misc]  # of every event
            still.update(used.values_list("pgh_context_id", flat=True))  # type: ignore[misc]  # of every event
        table = Context._meta.db_table
        numbers = "SELECT audit_number FROM pghistory_context WHERE id = ANY (%s) ORDER BY 1"
        if gone := sorted(self.contexts - still):
            self.cursor.execute(numbers, [gone])
            self.sealed[table].extend(number for (number,) in self.cursor.fetchall())
            self.cursor.execute("DELETE FROM pghistory_context WHERE id = ANY (%s)", [gone])
        for context in Context.objects.filter(pk__in=still):
            address = str((context.metadata or {}).get("url") or "")
            if parts := [part for part in address.split("/") if part in named]:
                for part in parts:
                    address = address.replace(part, CUT)
                self.cursor.execute(numbers, [[context.pk]])
                self.sealed[table].extend(number for (number,) in self.cursor.fetchall())
                Context.objects.filter(pk=context.pk).update(metadata=context.metadata | {"url": address})


def histories_of(model: type[Model]) -> list[type[Event]]:
    """Return the tables with the history of the table: one or none."""
    return [events for events in event_models() if tracked_model(events) is model]


def _keys_to(model: type[Model]) -> list[tuple[type[Model], str]]:
    """Return the foreign keys that lead to the table, those of the history left out."""
    history = set(event_models())
    return [
        (other, field.name)
        for other in apps.get_models(include_auto_created=True)
        if other not in history and other._meta.managed and not other._meta.proxy
        for field in other._meta.concrete_fields
        if field.related_model is model
    ]
