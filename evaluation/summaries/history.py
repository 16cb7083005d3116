"""The stored figures as pages show them: a trend by month, and when it was reckoned."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accounts.models import Project
from evaluation.measures.values import Figure, Measure
from evaluation.summaries.models import Reckoning, StoredFigure


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """The figure of a whole month, by its first day; of what stands on a day, the day after the month."""

    month: datetime.date
    figure: Figure


#: The figures of the months, oldest first, by code of the measure and id of the project.
Histories = dict[str, dict[int, list[MonthFigure]]]


def reckoned_at() -> datetime.datetime | None:
    """Return when the stored figures were reckoned; None while there are none."""
    return Reckoning.objects.values_list("made_at", flat=True).first()


def histories(projects: Iterable[Project], measures: Sequence[Measure]) -> Histories:
    """Return the months of the measures of the projects; one query."""
    rows = StoredFigure.objects.filter(
        project__in=[project.pk for project in projects], measure__in=[measure.code for measure in measures]
    )
    by_code: Histories = {measure.code: defaultdict(list) for measure in measures}
    for row in rows.order_by("until"):
        figure = Figure(row.counted, row.rows, row.amount, row.by_note)
        by_code[row.measure][row.project_id].append(MonthFigure(row.first, figure))
    return by_code


def history(project: Project, measure: Measure) -> list[MonthFigure]:
    """Return the months of a measure of a project, oldest first; one query."""
    return histories([project], [measure])[measure.code][project.pk]
