"""What a merge does to rows, written down so that it can be undone: keys that change, and rows removed."""

from typing import Any

from django.apps import apps
from django.db.models import Model

from companies.models import Dialogue, DialogueEntry, Succession

#: What a `CompanyMerge` stores of a changed row.
Change = dict[str, Any]


class ChangeLog:
    """Changes rows and writes down what it did, in order."""

    def __init__(self) -> None:
        self.changes: list[Change] = []

    def change(self, row: Model, **after: Any) -> None:
        """Change the fields (by column name) of the row; nothing when they have these values."""
        before = {name: getattr(row, name) for name in after}
        if before == after:
            return
        type(row)._base_manager.filter(pk=row.pk).update(**after)
        for name, value in after.items():
            setattr(row, name, value)
        self.changes.append({"model": type(row)._meta.label, "id": row.pk, "before": before, "after": after})

    def remove(self, row: Model) -> None:
        """Delete the row; its history keeps it."""
        self.changes.append({"model": type(row)._meta.label, "id": row.pk, "removed": True})
        row.delete()


def undo(change: Change) -> None:
    """Put back what was changed and still stands where it was put; restore a row that was removed."""
    model = _model(change)
    if change.get("removed"):
        _restore(model, change["id"])
        return
    rows = model._base_manager.filter(pk=change["id"])
    if model is Succession:  # one that was withdrawn meanwhile never changes again
        rows = rows.filter(withdrawn_at__isnull=True)
    for name, before in change["before"].items():
        rows.filter(**{name: change["after"][name]}).update(**{name: before})


def dialogues_in(changes: list[Change]) -> set[int]:
    """Return the ids of the dialogues that lost or got steps."""
    ids = set()
    for change in changes:
        if _model(change) is Dialogue and change.get("removed"):
            ids.add(change["id"])
        elif _model(change) is DialogueEntry:
            ids |= {change["before"]["dialogue_id"], change["after"]["dialogue_id"]}
    return ids


def _model(change: Change) -> type[Model]:
    """Return the model of the change; without an app it is one of companies (merges of before)."""
    label = change["model"]
    return apps.get_model(label if "." in label else f"companies.{label}")


def _restore(model: type[Model], pk: int) -> None:
    """Make the removed row again, with its id, as it was; not when another one has taken its place."""
    events: Any = model._meta.get_field("events").related_model
    event = events.objects.filter(id=pk, pgh_label="delete").order_by("-pgh_id").first()
    if event is None or model._base_manager.filter(pk=pk).exists():
        return
    values = {field.attname: getattr(event, field.attname) for field in model._meta.concrete_fields}
    row = model(**values)
    if not any(
        model._base_manager.filter(**{name: values[f"{name}_id"] for name in constraint.fields}).exists()
        for constraint in model._meta.total_unique_constraints
    ):
        row.save(force_insert=True)
        model._base_manager.filter(pk=pk).update(created_at=values["created_at"])
