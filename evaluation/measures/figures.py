"""The figures of measures for many projects at once, and the rows behind one figure."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, overload

from django.db import connection

from accounts.models import Project
from evaluation.measures.values import (
    COLUMNS,
    NOBODY_LEFT_OUT,
    CountedRow,
    Figure,
    LeftOut,
    Measure,
    Source,
    Window,
)

#: The figures of the projects by id, of a measure.
ByProject = Mapping[int, Figure]
#: The figures of the projects by id, and by day.
Trend = dict[int, dict[datetime.date, Figure]]


def figures(
    measures: Collection[Measure], projects: Iterable[Project], window: Window
) -> dict[str, ByProject]:
    """Return the figures by code of the measure, and by project; one query for all of them.

    A project without a row has `Figure()`, which is empty.
    """
    return figures_and_trends(dict.fromkeys(measures, window), {}, projects, window)[0]


def figures_and_trends(
    measures: Mapping[Measure, Window],
    trends: Mapping[str, Source],
    projects: Iterable[Project],
    window: Window,
    left_out: LeftOut = NOBODY_LEFT_OUT,
) -> tuple[dict[str, ByProject], dict[str, Trend]]:
    """Return the figures of measures, each in its own window, and the trends of sources by the day of their
    rows; one query for all of them. Without the rows of the citizens `left_out`.

    A measure with another first day than the window's does not name its parameter `first`.
    """
    ids = [project.pk for project in projects]
    by_code: dict[str, dict[int, Figure]] = {
        measure.code: defaultdict(Figure, {project: Figure() for project in ids}) for measure in measures
    }
    by_key: dict[str, Trend] = {key: defaultdict(lambda: defaultdict(Figure)) for key in trends}
    selects = [
        *(_Select(measure.code, "NULL::date", measure.source(days)) for measure, days in measures.items()),
        *(_Select(key, "day", source) for key, source in trends.items()),
    ]
    for code, project, day, note, counted, rows, amount in _grouped(selects, ids, window, left_out):
        figure = Figure(counted, rows, amount, {note: rows})
        if code in by_code:
            by_code[code][project] += figure
        else:
            by_key[code][project][day] += figure
    return dict(by_code), by_key


class _Select(NamedTuple):
    """A part of a query: the name of its rows, by which days they are put together, and the rows."""

    key: str
    day: str
    source: Source


def _grouped(
    selects: Sequence[_Select], projects: Sequence[int], window: Window, left_out: LeftOut
) -> list[tuple[str, int, datetime.date, str, int, int, Decimal]]:
    """Return name, project, day and note with how many count, how many there are and their amount, in the
    order of the days; one query."""
    parameters = _parameters([select.source for select in selects], projects, window, left_out)
    parts = []
    for number, select in enumerate(selects):
        parameters[f"key_{number}"] = select.key
        parts.append(
            f"SELECT %(key_{number})s::text AS key, project, {select.day} AS day, note,"  # noqa: S608  # ours  # nosec B608
            " COUNT(*) FILTER (WHERE counts), COUNT(*), COALESCE(SUM(amount), 0)"
            f" FROM ({select.source.sql}) counted_row{_shown(select.source, left_out, ' WHERE')}"
            " GROUP BY 1, 2, 3, 4"
        )
    return _fetch(f"{' UNION ALL '.join(parts)} ORDER BY 3, 4", parameters)


def _shown(source: Source, left_out: LeftOut, before: str) -> str:
    """Return the condition that a row is not of a citizen left out, after the word `before`; nothing when
    nobody is."""
    if not left_out.referrals:
        return ""
    condition = "(course IS NULL OR course <> ALL(%(left_out_courses)s))"
    if source.has_referral:
        condition += " AND (referral IS NULL OR referral <> ALL(%(left_out_referrals)s))"
    return f"{before} {condition}"


class CountedRows(Sequence[CountedRow]):
    """The rows of a project behind a figure, fetched a page at a time: those that count, those that do not,
    or all (`counts` None); with a `note`, only those that have it. Those of the citizens `left_out` are not
    among them."""

    def __init__(
        self,
        measure: Measure,
        project: Project,
        window: Window,
        *,
        counts: bool | None = None,
        note: str | None = None,
        by_day: str = "",
        left_out: LeftOut = NOBODY_LEFT_OUT,
    ) -> None:
        source = measure.source(window)
        self.parameters = _parameters([source], [project.pk], window, left_out)
        self.parameters |= {"row_counts": counts, "row_note": note}
        self.select = (
            f"FROM ({source.sql}) counted_row"
            " WHERE (%(row_counts)s::boolean IS NULL OR counts = %(row_counts)s)"
            f" AND (%(row_note)s::text IS NULL OR note = %(row_note)s){_shown(source, left_out, ' AND')}"
        )
        self.order = f"day {'DESC' if by_day == '-day' else 'ASC'} NULLS LAST, course"
        self.columns = [*COLUMNS[1:], *(["referral"] if source.has_referral else [])]
        self._length: int | None = None

    def __len__(self) -> int:
        if self._length is None:
            ((self._length,),) = _fetch(f"SELECT COUNT(*) {self.select}", self.parameters)
        return int(self._length or 0)

    @overload
    def __getitem__(self, key: int) -> CountedRow: ...

    @overload
    def __getitem__(self, key: slice) -> list[CountedRow]: ...

    def __getitem__(self, key: int | slice) -> CountedRow | list[CountedRow]:
        if isinstance(key, int):
            return self[key : key + 1][0]
        first = key.start or 0
        limit = None if key.stop is None else max(0, key.stop - first)
        select = (
            f"SELECT {', '.join(self.columns)} {self.select} ORDER BY {self.order}"
            " LIMIT %(row_limit)s OFFSET %(row_offset)s"
        )
        rows = _fetch(select, {**self.parameters, "row_limit": limit, "row_offset": first})
        return [CountedRow(*row) for row in rows]

    def __iter__(self) -> Iterator[CountedRow]:
        return iter(self[0:])


def _parameters(
    sources: Iterable[Source], projects: Sequence[int], window: Window, left_out: LeftOut
) -> dict[str, Any]:
    """Return the parameters of sources in one query. ValueError when two use a name for different values."""
    parameters: dict[str, Any] = {"projects": list(projects), "first": window.first, "on": window.on}
    if left_out.referrals:
        parameters |= {
            "left_out_courses": list(left_out.courses),
            "left_out_referrals": list(left_out.referrals),
        }
    for source in sources:
        for name, value in source.parameters.items():
            if parameters.setdefault(name, value) != value:
                raise ValueError(f"two measures use the parameter {name} for different values")
    return parameters


def _fetch(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
