"""The figures of measures for many projects at once, and the rows behind one figure."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, overload

from django.db import connection

from accounts.models import Project
from evaluation.measures.values import COLUMNS, CountedRow, Figure, Measure, Source, Window

#: The figures of the projects by id, of a measure.
ByProject = Mapping[int, Figure]


def figures(
    measures: Collection[Measure], projects: Iterable[Project], window: Window
) -> dict[str, ByProject]:
    """Return the figures by code of the measure, and by project; one query for all of them.

    A project without a row has `Figure()`, which is empty.
    """
    ids = [project.pk for project in projects]
    sources = {measure.code: measure.source(window) for measure in measures}
    parameters = _parameters(sources.values(), ids, window)
    selects = []
    for number, (code, source) in enumerate(sources.items()):
        parameters[f"measure_{number}"] = code
        selects.append(
            f"SELECT %(measure_{number})s::text AS measure, project, note, COUNT(*) FILTER (WHERE counts),"  # noqa: S608  # our own
            f" COUNT(*), COALESCE(SUM(amount), 0) FROM ({source.sql}) counted_row GROUP BY project, note"
        )
    by_code: dict[str, dict[int, Figure]] = {
        code: defaultdict(Figure, {project: Figure() for project in ids}) for code in sources
    }
    for code, project, note, counted, rows, amount in _fetch(" UNION ALL ".join(selects), parameters):
        by_code[code][project] += Figure(counted, rows, amount, {note: rows})
    return dict(by_code)


def by_day(
    source: Source, projects: Iterable[Project], window: Window
) -> dict[int, dict[datetime.date, Figure]]:
    """Return the figures of a source by project and by the day of its rows; one query."""
    return _by_day("day", source, projects, window)


def by_month(
    source: Source, projects: Iterable[Project], window: Window
) -> dict[int, dict[datetime.date, Figure]]:
    """Return the figures of a source by project and by the first day of the month of its rows; one query."""
    return _by_day("date_trunc('month', day)::date", source, projects, window)


def _by_day(
    day: str, source: Source, projects: Iterable[Project], window: Window
) -> dict[int, dict[datetime.date, Figure]]:
    parameters = _parameters([source], [project.pk for project in projects], window)
    select = (
        f"SELECT project, {day}, note, COUNT(*) FILTER (WHERE counts), COUNT(*),"  # noqa: S608  # our own
        " COALESCE(SUM(amount), 0)"
        f" FROM ({source.sql}) counted_row GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    days: dict[int, dict[datetime.date, Figure]] = defaultdict(lambda: defaultdict(Figure))
    for project, row_day, note, counted, rows, amount in _fetch(select, parameters):
        days[project][row_day] += Figure(counted, rows, amount, {note: rows})
    return {project: dict(of_project) for project, of_project in days.items()}


class CountedRows(Sequence[CountedRow]):
    """The rows of a project behind a figure, fetched a page at a time: those that count, those that do not,
    or all (`counts` None); with a `note`, only those that have it."""

    def __init__(
        self,
        measure: Measure,
        project: Project,
        window: Window,
        *,
        counts: bool | None = None,
        note: str | None = None,
        by_day: str = "",
    ) -> None:
        source = measure.source(window)
        self.parameters = _parameters([source], [project.pk], window)
        self.parameters |= {"row_counts": counts, "row_note": note}
        self.select = (
            f"FROM ({source.sql}) counted_row"
            " WHERE (%(row_counts)s::boolean IS NULL OR counts = %(row_counts)s)"
            " AND (%(row_note)s::text IS NULL OR note = %(row_note)s)"
        )
        self.order = f"day {'DESC' if by_day == '-day' else 'ASC'} NULLS LAST, course"
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
            f"SELECT {', '.join(COLUMNS[1:])} {self.select} ORDER BY {self.order}"
            " LIMIT %(row_limit)s OFFSET %(row_offset)s"
        )
        rows = _fetch(select, {**self.parameters, "row_limit": limit, "row_offset": first})
        return [CountedRow(*row) for row in rows]

    def __iter__(self) -> Iterator[CountedRow]:
        return iter(self[0:])


def _parameters(sources: Iterable[Source], projects: Sequence[int], window: Window) -> dict[str, Any]:
    """Return the parameters of sources in one query. ValueError when two use a name for different values."""
    parameters: dict[str, Any] = {"projects": list(projects), "first": window.first, "on": window.on}
    for source in sources:
        for name, value in source.parameters.items():
            if parameters.setdefault(name, value) != value:
                raise ValueError(f"two measures use the parameter {name} for different values")
    return parameters


def _fetch(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
