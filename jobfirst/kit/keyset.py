"""Pages of a list by key: the rows after or before a row, compared with its sort keys instead of counted.

The database reads only the rows of the page, however far down the list they stand. An address names the row
by its public id (`after`, `before`): the values it is sorted by may be names, and its primary key would tell
how much goes on elsewhere.
"""

from typing import Any, TypeVar

from django.core.exceptions import FieldError, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

PARAMETERS = ("after", "before")
ModelT = TypeVar("ModelT", bound=Model)


def neighbours(queryset: "QuerySet[ModelT]", query: QueryDict, page_size: int) -> "QuerySet[ModelT] | None":
    """Return the page of rows after the row of `after` or before that of `before`, in the queryset's order.

    None when the address names no row, when the row is not in the queryset (any more), when the order is not
    one of plain fields, and when the rows have no public id.
    """
    parameter = next((name for name in PARAMETERS if query.get(name)), None)
    keys = sort_keys(queryset)
    if parameter is None or keys is None:
        return None
    names = [key.removeprefix("-") for key in keys]
    try:
        values = queryset.filter(public_id=query[parameter]).order_by().values_list(*names).first()
    except (ValidationError, FieldError):
        return None
    if values is None:
        return None
    if parameter == "after":
        return queryset.filter(_beyond(keys, values))[:page_size]
    backwards = [_reversed(key) for key in keys]
    last_before = queryset.filter(_beyond(backwards, values)).order_by(*backwards).values("pk")[:page_size]
    return queryset.filter(pk__in=last_before)


def chosen_first(rows: "QuerySet[ModelT]") -> "QuerySet[ModelT]":
    """Return the rows of a page by their keys, in the same order, before what they show is joined.

    The wall (docs/decisions) is asked for each row that is joined: then for those of the page, not of the
    list. What is not cut to a page is returned as it is.
    """
    if not rows.query.is_sliced:
        return rows
    order = rows.query.order_by or rows.model._meta.ordering or ["pk"]
    return rows.model._default_manager.filter(pk__in=rows.values("pk")).order_by(*order)


def sort_keys(queryset: "QuerySet[Any]") -> list[str] | None:
    """Return the fields a queryset is sorted by, a unique one last; None if it is sorted by expressions."""
    keys = list(queryset.query.order_by or queryset.model._meta.ordering)
    if not all(isinstance(key, str) and key != "?" for key in keys):
        return None
    return keys if keys and keys[-1].removeprefix("-") in {"pk", "id"} else [*keys, "pk"]


def _beyond(keys: list[str], values: tuple[Any, ...]) -> Q:
    """The condition that a row comes after the row with the values. PostgreSQL sorts NULL as the largest."""
    condition = Q(pk__in=[])
    equal = Q()
    for key, value in zip(keys, values, strict=True):
        condition |= equal & _further(key, value)
        name = key.removeprefix("-")
        equal &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    first, value = keys[0], values[0]
    if first.startswith("-") and value is not None:
        # Says nothing new, but lets an index begin at the row.
        condition &= Q(**{f"{first.removeprefix('-')}__lte": value})
    return condition


def _further(key: str, value: Any) -> Q:
    """The condition that a row's value of one key comes after `value`."""
    name = key.removeprefix("-")
    if key.startswith("-"):
        return Q(**{f"{name}__isnull": False}) if value is None else Q(**{f"{name}__lt": value})
    return Q(pk__in=[]) if value is None else Q(**{f"{name}__gt": value}) | Q(**{f"{name}__isnull": True})


def _reversed(key: str) -> str:
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"
