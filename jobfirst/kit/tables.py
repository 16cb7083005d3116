"""Lists: columns declared on a class, sorted and paged from the URL, in the design system's dense look.

A list is a subclass of `KitTable` with a `Column` per column. The text of a cell is what the column's `text`
makes of the record's value. A method `render_<column>` of the list replaces it: it may take the `value`, the
`record`, or both. Text is escaped unless it is marked safe.

    class CompanyTable(KitTable):
        title = _("Companies")
        name = Column(verbose_name=_("Company"), order_by=("name", "cvr"))

        def render_name(self, value: str, record: Company) -> SafeString:
            return link(company_url(record), value)
"""

import datetime
import html
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from jobfirst.kit import keyset
from jobfirst.kit.days import written_day
from jobfirst.kit.pages import PAGE_SIZE
from jobfirst.kit.records import follow, reversed_key, sortable, value_of

if TYPE_CHECKING:
    from django.utils.functional import Promise, _StrOrPromise  # names of the type stubs

TableT = TypeVar("TableT", bound="KitTable")
MISSING = "–"
#: The value of `format` that asks for the whole list as an Excel file, and what its access record ends with.
WORKBOOK = "xlsx"
WORKBOOK_ACTION = ".excel"


def link(url: str, text: object) -> SafeString:
    """Return a link to an address of our own."""
    return SafeString(f'<a href="{escaped(url)}">{escaped(text)}</a>')  # nosec B703 - of escaped parts


class Column:
    """A column: its heading, where its value lies in a record, what it is sorted by, and its look.

    `accessor` leads to the value (`course__citizen_name`; what can be called is called); without one it is
    the column's name. `order_by` names the fields or attributes it is sorted by, else it is the accessor.
    `default` stands in a cell without a value (None or an empty text), unless `has_value` is False: then
    `render_<column>` makes every cell. One of links to act on (`is_action`) is left out of the Excel file.
    """

    css = ""

    def __init__(
        self,
        verbose_name: "str | Promise",
        *,
        accessor: str = "",
        order_by: str | Sequence[str] = (),
        orderable: bool = True,
        has_value: bool = True,
        default: "_StrOrPromise" = MISSING,
        css: str = "",
        footer: "_StrOrPromise" = "",
        is_action: bool = False,
    ) -> None:
        self.verbose_name = verbose_name
        self.accessor = accessor
        self.order_by = (order_by,) if isinstance(order_by, str) else tuple(order_by)
        self.orderable = orderable and has_value
        self.has_value = has_value
        self.default = default
        self.css = css or self.css
        self.footer = footer
        self.is_action = is_action

    @property
    def heading(self) -> str:
        """The heading in the reader's language."""
        return capfirst(str(self.verbose_name))

    def text(self, value: Any) -> object:
        """Return what stands in the cell: numbers as the reader writes them."""
        return value if isinstance(value, str | int) else localize(value)

    def footer_text(self, name: str, records: Iterable[Any]) -> object:
        """Return what stands below the column of that name; `records` are those of the whole list."""
        return self.footer


class DayColumn(Column):
    """A day, written `3. mar. 2016`, never wrapped."""

    css = "jf-nowrap"

    def text(self, value: datetime.date) -> SafeString:
        """The day in the reader's language."""
        return written_day(value)


class MomentColumn(Column):
    """A moment, with the time of day in Copenhagen, never wrapped."""

    css = "jf-nowrap"

    def text(self, value: datetime.datetime) -> str:
        """The moment in the reader's language."""
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")


class NumberColumn(Column):
    """A number, set to the right."""

    css = "jf-number"


@dataclass(frozen=True)
class Heading:
    """The heading of a column as the page shows it; `url` sorts by it and is empty where it cannot."""

    text: str
    css: str
    url: str
    direction: str  # of aria-sort: ascending, descending or empty

    @property
    def icon(self) -> str:
        """The icon that says how the list is sorted."""
        return f"sort-table-{self.direction or 'none'}"


class KitTable:
    """Base of every list: 25 records a page, sorted from the URL, an empty list explained by the page.

    `default_order` names the columns it is sorted by when the URL says nothing, `-` before a name for
    descending. `given_order` names the column by which the data is sorted already; only its heading shows it.
    `column_order` names the columns where their order is not that of their declaration. After `paged`,
    `records` are those of the page.
    """

    title: "_StrOrPromise" = ""
    orderable: ClassVar[bool] = True
    default_order: ClassVar[tuple[str, ...]] = ()
    given_order: ClassVar[str] = ""
    column_order: ClassVar[tuple[str, ...]] = ()
    #: Whether a row is two or three lines on a phone instead of a line for each column.
    is_compact: ClassVar[bool] = False

    #: Whether the whole list is asked for, as an Excel file.
    is_workbook = False

    #: How many records there are, where the page knows it already; else the database counts them.
    known_total: int | None = None

    #: The most records that are counted and paged, where counting all of them would take long.
    counts_up_to: ClassVar[int | None] = None

    declared: ClassVar[dict[str, Column]] = {}
    parameters: ClassVar[dict[str, tuple[str, ...]]] = {}  # of each render method

    def __init_subclass__(cls) -> None:
        columns = cls.declared | {
            name: value for name, value in vars(cls).items() if isinstance(value, Column)
        }
        cls.declared = {name: columns[name] for name in cls.column_order or columns}
        cls.parameters = cls.parameters | {
            name.removeprefix("render_"): tuple(inspect.signature(method).parameters)[1:]
            for name, method in vars(cls).items()
            if name.startswith("render_")
        }

    def __init__(self, data: "QuerySet[Any] | Sequence[Any]") -> None:
        self.data = data
        self.columns = dict(self.declared)
        self.query: QueryDict = QueryDict()
        self.sorted_by: tuple[str, ...] = self.default_order
        self.page: Page[Any] | None = None
        self.records: Iterable[Any] = data

    # Sorting and paging

    def configure(self, query: QueryDict, page_size: int = PAGE_SIZE) -> None:
        """Sort by the column of `sort`, and take the page of `page` or the nearest that there is.

        The links to the next and the previous page also name the row that the page begins after or ends
        before (jobfirst/kit/keyset.py). When that row is gone, the number of the page decides.
        """
        self.query = query
        requested = query.get("sort", "")
        if self.may_sort_by(requested.removeprefix("-")):
            self.sorted_by = (requested,)
        data = self.in_order()
        if query.get("format") == WORKBOOK:
            self.is_workbook = True
            self.records = self.prepare(data)
            return
        paginator: Paginator[Any] = Paginator(data, page_size)
        first_page = self.first_page(data, page_size)
        if first_page is not None and len(first_page) < page_size:
            self.known_total = len(first_page)  # all of them: there is nothing to count
        if self.known_total is None and self.counts_up_to is not None and isinstance(data, QuerySet):
            self.known_total = data.order_by()[: self.counts_up_to].count()
        if self.known_total is not None:
            paginator.count = self.known_total  # instead of the cached property's query
        self.page = paginator.get_page(query.get("page"))
        if first_page is not None:
            self.records = first_page
            return
        neighbours = keyset.neighbours(data, query, page_size) if isinstance(data, QuerySet) else None
        self.records = self.prepare(neighbours) if neighbours is not None else ()
        if not self.records:
            self.records = self.prepare(self.page.object_list)

    def first_page(self, data: Any, page_size: int) -> Sequence[Any] | None:
        """Return the prepared rows of the first page; None when the address asks for another one, or when it
        is known already how many rows there are."""
        if not isinstance(data, QuerySet) or self.known_total is not None:
            return None
        if self.query.get("page", "1") != "1" or any(self.query.get(name) for name in keyset.PARAMETERS):
            return None
        return self.prepare(data[:page_size])

    def prepare(self, records: Any) -> Sequence[Any]:
        """Return the records of the page as the columns want them; `records` are those of the data."""
        return list(records)

    def may_sort_by(self, name: str) -> bool:
        """Whether the column exists and can be sorted by."""
        return self.orderable and name in self.columns and self.columns[name].orderable

    def in_order(self) -> "QuerySet[Any] | Sequence[Any]":
        """Return the data, sorted."""
        keys = [
            reversed_key(key) if column.startswith("-") else key
            for column in self.sorted_by
            for key in self.sort_keys(column.removeprefix("-"))
        ]
        if not keys:
            return self.data
        if isinstance(self.data, QuerySet):
            # A unique last key: without one, rows that sort alike may stand on two pages or on none.
            return self.data.order_by(*keys, "pk")
        rows = list(self.data)
        for key in reversed(keys):
            path = key.removeprefix("-")
            rows.sort(key=lambda row, path=path: sortable(value_of(row, path)), reverse=key.startswith("-"))  # type: ignore[misc]
        return rows

    def sort_keys(self, name: str) -> tuple[str, ...]:
        """Return the fields or attributes that a column is sorted by."""
        column = self.columns[name]
        return column.order_by or (column.accessor or name,)

    @property
    def total(self) -> int:
        """How many records there are on all pages."""
        return self.page.paginator.count if self.page is not None else len(self.data)

    @property
    def has_uncounted(self) -> bool:
        """Whether there may be more records than were counted."""
        return self.counts_up_to is not None and self.total >= self.counts_up_to

    def access_action(self, action: str) -> str:
        """Return the action of the access record: that of the list, or that of its Excel file."""
        return f"{action}{WORKBOOK_ACTION}" if self.is_workbook else action

    # What the template shows

    def headings(self) -> list[Heading]:
        """Return the headings of the columns."""
        url_of = self.urls("sort")
        return [self.heading(name, column, url_of) for name, column in self.columns.items()]

    def heading(self, name: str, column: Column, url_of: Callable[[object], str]) -> Heading:
        """Return the heading of one column; following it sorts, once more the other way."""
        sorted_by = next(iter(self.sorted_by), self.given_order)
        ascending, descending = sorted_by == name, sorted_by == f"-{name}"
        can_sort = self.page is not None and self.may_sort_by(name)
        return Heading(
            text=column.heading,
            css=column.css,
            url=url_of(f"-{name}" if ascending else name) if can_sort else "",
            direction=("descending" if descending else "ascending" if ascending else "") if can_sort else "",
        )

    def urls(self, parameter: str) -> Callable[[object], str]:
        """Return what gives the query string of this list with another value of the parameter.

        Without the page: another order begins at its first.
        """
        left_out = {parameter, "page", "format", *keyset.PARAMETERS}
        others = [(name, values) for name, values in self.query.lists() if name not in left_out]
        beginning = "?" + "".join(f"{urlencode([pair], doseq=True)}&" for pair in others)
        return lambda value: f"{beginning}{parameter}={value}"

    def page_links(self) -> Iterator[tuple[int | str, str]]:
        """Yield the number and the address of the pages around this one, and `…` where some are left out."""
        assert self.page is not None
        url_of = self.urls("page")
        for number in self.page.paginator.get_elided_page_range(self.page.number, on_each_side=3, on_ends=1):
            yield number, url_of(number) if isinstance(number, int) else ""

    def previous_url(self) -> str:
        """Return the address of the page before."""
        assert self.page is not None
        number = self.page.previous_page_number()
        return self.urls("page")(number) + ("" if number == 1 else self.neighbour("before", 0))

    def next_url(self) -> str:
        """Return the address of the page after."""
        assert self.page is not None
        return self.urls("page")(self.page.next_page_number()) + self.neighbour("after", -1)

    def neighbour(self, parameter: str, place: int) -> str:
        """Return what names the first or the last row of this page in an address, if the rows have keys."""
        if not isinstance(self.data, QuerySet):
            return ""
        key = getattr(list(self.records)[place], "public_id", None)
        return "" if key is None else f"&{parameter}={key}"

    def workbook_url(self) -> str:
        """Return the address of the whole list, as it is filtered and sorted here, as an Excel file."""
        return self.urls("format")(WORKBOOK)

    def rows(self) -> list[SafeString]:
        """Return the rows. In Python rather than in the template: what a column says of its cells is the same
        in every row, and made once."""
        cells = [self.cell_maker(name, column) for name, column in self.columns.items()]
        return [
            SafeString(f"<tr>{''.join([cell(record) for cell in cells])}</tr>\n")  # nosec B703 - escaped cells
            for record in self.records
        ]

    def cell_maker(self, name: str, column: Column) -> Callable[[Any], str]:
        """Return the function that makes the column's cell of a record."""
        css = format_html(' class="{}"', column.css) if column.css else ""
        opening = format_html('<td data-title="{}"{}>', column.heading, css)
        empty_css = (
            format_html(' class="{}"', f"{column.css} jf-no-value".strip()) if self.is_compact else css
        )
        empty_cell = format_html('<td data-title="{}"{}>{}</td>', column.heading, empty_css, column.default)
        path = (column.accessor or name).split("__")
        render = self.renderer(name, column)

        def cell(record: Any) -> str:
            value = follow(record, path) if column.has_value else None
            if column.has_value and value in (None, ""):
                return empty_cell
            return f"{opening}{escaped(render(value, record))}</td>"

        return cell

    def renderer(self, name: str, column: Column) -> Callable[[Any, Any], object]:
        """Return what makes the text of the column's cells from value and record."""
        parameters = self.parameters.get(name)
        if parameters is None:
            return lambda value, record: column.text(value)
        render = getattr(self, f"render_{name}")
        if parameters == ("value",):
            return lambda value, record: render(value)
        if parameters == ("record",):
            return lambda value, record: render(record)
        return lambda value, record: render(value=value, record=record)

    def footers(self) -> list[tuple[Heading, object]]:
        """Return what stands below each column; empty when nothing stands below any."""
        texts = [column.footer_text(name, self.data) for name, column in self.columns.items()]
        return list(zip(self.headings(), texts, strict=True)) if any(texts) else []


def escaped(text: object) -> str:
    """Return the text escaped unless it is marked safe: `conditional_escape`, made for many cells."""
    return text if isinstance(text, SafeString) else html.escape(str(text))


def paged(request: HttpRequest, table: TableT) -> TableT:
    """Sort and page `table` from the URL; a page that does not exist answers with the nearest that does."""
    table.configure(request.GET)
    return table
