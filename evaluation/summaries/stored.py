"""The stored figures kept true: reckoned anew every night, and checked.

1. `refresh` reckons the figures of all measures (`evaluation.measures`) by project and month, with a query
   for each month, and stores those that differ.
2. The nightly check, and `verify_stored`, reckon them once more and compare, unless the facts have changed
   since (`evaluation.summaries.facts`): then the figures are not wrong but of an earlier hour, as the chart
   that shows them says (`evaluation.monday.months`).

The figures are of whole projects; nothing stored here is about one citizen.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Project
from cases.models import Course
from evaluation.measures.figures import figures
from evaluation.measures.registry import STORED_MEASURES
from evaluation.measures.values import Figure, Window
from evaluation.summaries import facts
from evaluation.summaries.models import Reckoning, StoredFigure
from evaluation.summaries.periods import month_windows
from jobfirst import progress
from jobfirst.database.batches import batches
from jobfirst.stored.checks import StoredRows
from jobfirst.stored.rows import DerivedTable, Difference

#: Their name among the stored rows.
NAME = "evaluation figures"


class FigureKey(NamedTuple):
    """What identifies a row."""

    project_id: int
    measure: str
    first: datetime.date
    until: datetime.date


ROWS = DerivedTable(StoredFigure, FigureKey, ("counted", "rows", "amount", "by_note"))
FigureDifference = Difference[FigureKey, StoredFigure]


def refresh(day: datetime.date) -> int:
    """Reckon the figures as of the day and store them; return how many rows differed. Idempotent.

    The position of the facts is read first: what changes while the figures are reckoned makes them older than
    their facts, and not wrong. Without one, since somebody was writing, they are not compared later.
    """
    made_at, position = timezone.now(), facts.position()
    with transaction.atomic():
        differing = ROWS.repair_all(_differences(day))
        Reckoning.objects.update_or_create(
            pk=1, defaults={"made_at": made_at, "day": day, "facts": position or ""}
        )
    return differing


def differences() -> list[str]:
    """Return every difference between the stored figures and the facts as a line, unless the facts have
    changed since the figures were reckoned, or change meanwhile."""
    reckoning = Reckoning.objects.first()
    if reckoning is None or reckoning.facts != facts.position():
        return []
    slugs = dict(Project.objects.values_list("pk", "slug"))
    lines = []
    for difference in _differences(reckoning.day):
        key = difference.key
        problem = difference.state("does not follow")
        lines.append(f"{slugs[key.project_id]} {key.measure} {key.first} to {key.until}: {problem}")
    return lines if reckoning.facts == facts.position() else []


def recompute() -> int:
    """Make the stored figures those of the facts, for the same day; return how many rows differed."""
    reckoning = Reckoning.objects.first()
    return 0 if reckoning is None else refresh(reckoning.day)


def _differences(day: datetime.date) -> Iterator[FigureDifference]:
    """Yield the differences between the stored rows and those that follow, a month at a time.

    Of a project in which participants were erased, the months up to then stay as they were reckoned: their
    facts are gone.
    """
    projects = list(Project.objects.order_by("pk"))
    erased = Course.objects.exclude(citizen__erased_on=None).order_by().values_list("project")
    closed_until = dict(erased.annotate(last=Max("citizen__erased_on")))
    first = Project.objects.aggregate(first=Min("starts_on"))["first"] or day
    windows = list(month_windows(first, day))
    for window in progress.tracked(windows, _("Months")):
        open_projects = [
            project
            for project in projects
            if project.pk not in closed_until or window.on > closed_until[project.pk]
        ]
        stored = StoredFigure.objects.filter(first=window.first, until=window.on, project__in=open_projects)
        yield from ROWS.compare(stored, _rows(open_projects, window))
    surplus = StoredFigure.objects.exclude(until__in=[window.on for window in windows])
    for rows in batches(surplus.iterator()):
        yield from ROWS.compare(rows, [])


def _rows(projects: list[Project], window: Window) -> Iterator[StoredFigure]:
    """Yield the figures of all measures of the projects that had begun, unsaved."""
    begun = [project for project in projects if project.starts_on < window.on]
    for measure, by_project in figures(STORED_MEASURES, begun, window).items():
        for project in begun:
            yield _row(project, measure, window, by_project[project.pk])


def _row(project: Project, measure: str, window: Window, figure: Figure) -> StoredFigure:
    return StoredFigure(
        project_id=project.pk,
        measure=measure,
        first=window.first,
        until=window.on,
        counted=figure.counted,
        rows=figure.rows,
        amount=round(figure.amount, 2),
        by_note=dict(sorted(figure.by_note.items())),
    )


STORED_ROWS = StoredRows(NAME, differences, recompute, gettext_lazy("Evaluation figures"))
