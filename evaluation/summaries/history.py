"""The stored figures as pages show them: a trend by month, and when it was reckoned."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Project
from evaluation.measures.values import Figure, Measure
from evaluation.summaries.models import Reckoning, RefreshOrder, StoredFigure
from jobfirst.values.dates import MONTH


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """The figure of a whole month, by its first day; of what stands on a day, the day after the month."""

    month: datetime.date
    figure: Figure

    @property
    def until(self) -> datetime.date:
        """The day after the month."""
        return self.month + MONTH


#: The figures of the months, oldest first, by code of the measure and id of the project.
Histories = dict[str, dict[int, list[MonthFigure]]]


class FiguresAge(NamedTuple):
    """When the stored figures were reckoned, and whether a file has been imported since that they lack."""

    made_at: datetime.datetime
    is_behind: bool

    def in_words(self) -> str:
        """Return both as a page says them beside the figures."""
        moment = date_format(timezone.localtime(self.made_at), "SHORT_DATETIME_FORMAT")
        counted = _("Counted %(moment)s.") % {"moment": moment}
        if not self.is_behind:
            return counted
        behind = _("A file has been read in since. Its rows are counted in a few minutes.")
        return f"{counted} {behind}"


def figures_age() -> FiguresAge | None:
    """Return how old the stored figures are; None while there are none. One query."""
    is_behind = Exists(RefreshOrder.objects.all())
    row = Reckoning.objects.annotate(is_behind=is_behind).values_list("made_at", "is_behind").first()
    return None if row is None else FiguresAge(*row)


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


def with_months(
    projects: QuerySet[Project], measures: Iterable[Measure], since: datetime.date
) -> QuerySet[Project]:
    """Return the projects with the months of the measures that end after the day, and with the age of the
    figures, for `months_with` and `age_with`: no query beside that of the projects."""
    rows = StoredFigure.objects.filter(
        project=OuterRef("pk"), measure__in=[measure.code for measure in measures], until__gt=since
    )
    columns = {name: name for name in ("measure", "first", "counted", "rows", "amount", "by_note")}
    return projects.annotate(
        stored_months=ArraySubquery(rows.order_by("until").values(month=JSONObject(**columns))),
        figures_made_at=Subquery(Reckoning.objects.values("made_at")[:1]),
        are_figures_behind=Exists(RefreshOrder.objects.all()),
    )


def months_with(project: Any) -> dict[str, list[MonthFigure]]:
    """Return the months that a project of `with_months` carries, oldest first, by code of the measure."""
    by_code: dict[str, list[MonthFigure]] = defaultdict(list)
    for row in project.stored_months:
        figure = Figure(row["counted"], row["rows"], Decimal(str(row["amount"])), row["by_note"])
        by_code[row["measure"]].append(MonthFigure(datetime.date.fromisoformat(row["first"]), figure))
    return by_code


def age_with(project: Any) -> FiguresAge | None:
    """Return the age of the figures that a project of `with_months` carries; None while there are none."""
    if project.figures_made_at is None:
        return None
    return FiguresAge(project.figures_made_at, project.are_figures_behind)


def history(project: Project, measure: Measure) -> list[MonthFigure]:
    """Return the months of a measure of a project, oldest first; one query."""
    return histories([project], [measure])[measure.code][project.pk]
