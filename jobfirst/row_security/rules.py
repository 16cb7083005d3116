"""From which column of a table the project of a row follows.

Most rules follow from the model: a table has the column of its project, or a foreign key to a row that has a
rule. Where they do not, and where all projects may see the rows, the model says so in the class attribute
`jobfirst_projects`:

- `OfProject("project", also_without=True)`: rows without a project are everybody's;
- `OfProjects("projects")`: a column with the ids of several projects; who sees all of them sees the row;
- `Through("course")`: those of the row that the foreign key leads to;
- `OfRows("cases.Referral", "citizen")`: whoever sees one of the rows that refer to it;
- `Shared("…")`: there is no wall, and why.

The event table of a tracked model has the rule of the model.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Field, ForeignKey, Model

#: A table with a path of foreign keys to one of these has the data of a project.
ROOTS = frozenset({"accounts.Project", "accounts.Municipality", "cases.Citizen"})
#: What an event refers to besides: not what it is about.
BOOKKEEPING = frozenset({"pgh_obj", "pgh_context"})


@dataclass(frozen=True)
class OfProject:
    """The table has a column with the row's project."""

    field: str
    also_without: bool = False


@dataclass(frozen=True)
class OfProjects:
    """The table has an array of the ids of the row's projects."""

    field: str


@dataclass(frozen=True)
class Through:
    """The row belongs to the projects of the row that a foreign key leads to."""

    field: str


@dataclass(frozen=True)
class OfRows:
    """The row belongs to the projects of the rows of `model` that refer to it by `field`."""

    model: str
    field: str


@dataclass(frozen=True)
class Shared:
    """All projects see the rows; `reason` says why."""

    reason: str


Rule = OfProject | OfProjects | Through | OfRows | Shared


@cache
def rule_of(model: type[Model]) -> Rule | None:
    """Return the rule of a model; None when no path leads from it to a project.

    ImproperlyConfigured when a path does and no rule follows: the model must say which.
    """
    tracked = getattr(model, "pgh_tracked_model", None)
    if tracked is not None:
        return _rule_of_events(tracked)
    declared: Rule | None = getattr(model, "jobfirst_projects", None)
    if declared is not None:
        return declared
    if not _has_path(model):
        return None
    required = [field for field in _foreign_keys(model) if not field.null]
    for field in required:
        if field.related_model._meta.label == "accounts.Project":
            return OfProject(field.name)
    walled = [field for field in required if is_walled(field.related_model)]
    if walled:
        return Through(min(walled, key=lambda field: _depth(field.related_model)).name)
    if all(rule is None or isinstance(rule, Shared) for rule in _rules_of_parents(model)) and not (
        {field.related_model._meta.label for field in _foreign_keys(model)} & ROOTS
    ):
        return Shared("it belongs to rows that all projects see")
    raise ImproperlyConfigured(
        f"{model._meta.label} leads to a project, and not by a required foreign key: set `jobfirst_projects` "
        "(jobfirst/row_security/rules.py)"
    )


def _rule_of_events(tracked: type[Model]) -> Rule | None:
    """Return the rule of the events of a model: they have its columns, and `pgh_obj` for the row itself."""
    rule = rule_of(tracked)
    return Through("pgh_obj") if isinstance(rule, OfRows) else rule


def is_walled(model: type[Model]) -> bool:
    """Whether the database shows the rows of the model by project."""
    return not isinstance(rule_of(model), Shared | None)


def walled_models() -> Iterator[type[Model]]:
    """Yield a model for each table that has a wall, by the table's name."""
    models = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and is_walled(model)
    }
    for table in sorted(models):
        yield models[table]


def shared_models() -> dict[str, str]:
    """Return the tables with data of projects that have no wall, each with its reason."""
    return {
        model._meta.db_table: rule.reason
        for model in apps.get_models(include_auto_created=True)
        if isinstance(rule := rule_of(model), Shared)
    }


def _foreign_keys(model: type[Model]) -> list["ForeignKey[Any, Any]"]:
    """Return the foreign keys of the model that say what a row is about."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey)
        and field.name not in BOOKKEEPING
        and field.related_model._meta.label not in (model._meta.label, "accounts.User")
    ]


@cache
def _has_path(model: type[Model]) -> bool:
    """Whether foreign keys lead from the model to one of the roots, not by way of a user."""
    return any(
        field.related_model._meta.label in ROOTS or _has_path(field.related_model)
        for field in _foreign_keys(model)
    )


def _rules_of_parents(model: type[Model]) -> list[Rule | None]:
    return [rule_of(field.related_model) for field in _foreign_keys(model)]


def _depth(model: type[Model]) -> int:
    """Return how many tables lie between a row and its project."""
    rule = rule_of(model)
    if isinstance(rule, Through):
        return 1 + _depth(related_model(model, rule.field))
    return 1 if isinstance(rule, OfRows) else 0


def related_model(model: type[Model], name: str) -> type[Model]:
    """Return the model that a foreign key leads to."""
    field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]  # a concrete field
    related: type[Model] = field.related_model  # type: ignore[assignment]  # a foreign key's
    return related
