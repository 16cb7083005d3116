"""Lists: a django-tables2 table in the design system's dense look, stacked into cards on a phone."""

import datetime
import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import django_tables2 as tables
from django.http import HttpRequest
from django.utils.formats import date_format

from jobfirst.kit.pages import PAGE_SIZE

RenderP = ParamSpec("RenderP")
CellT = TypeVar("CellT")
TableT = TypeVar("TableT", bound=tables.Table)


def known_signature(render: Callable[RenderP, CellT]) -> Callable[RenderP, CellT]:
    """Return `render` with its signature stored: the library asks for it again in every cell, and finding it
    out takes longer than rendering."""

    @wraps(render)
    def known(*args: RenderP.args, **kwargs: RenderP.kwargs) -> CellT:
        return render(*args, **kwargs)

    # Where `inspect.signature` looks first; the type of functions does not name it.
    known.__signature__ = inspect.signature(render)  # type: ignore[attr-defined]
    return known


class KitTable(tables.Table):
    """Base of every list: 25 rows a page, sorted from the URL, an empty list explained by the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column in self.columns:
            column.render = known_signature(column.render)

    class Meta:
        """Look shared by all lists; a subclass that has its own Meta inherits from this one."""

        attrs: dict[str, Any] = {}
        order_by_field = "sort"


class DayColumn(tables.Column):
    """A day, written `3. mar. 2016`, never wrapped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "jf-nowrap"}, "th": {"class": "jf-nowrap"}})
        super().__init__(*args, **kwargs)

    def render(self, value: datetime.date) -> str:
        """The day in the reader's language."""
        return date_format(value, "SHORT_DATE_FORMAT")


class NumberColumn(tables.Column):
    """A number, set to the right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "jf-number"}, "th": {"class": "jf-number"}})
        super().__init__(*args, **kwargs)


def paged(request: HttpRequest, table: TableT) -> TableT:
    """Sort and page `table` from the URL; a page that does not exist answers with the nearest that does."""
    tables.RequestConfig(request, paginate={"per_page": PAGE_SIZE, "silent": True}).configure(table)
    return table
