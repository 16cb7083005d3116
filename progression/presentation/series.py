"""The scores of courses over time, by category and rater (D23)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from cases.models import Course
from progression.models import Answer, Rater, SheetState
from progression.rules.progress import DatedScore, ScaledValue, mean_score


class SeriesKey(NamedTuple):
    """A category, and who answers."""

    category: str
    rater: str


#: The scores of one course, in order of days.
CourseSeries = Mapping[SeriesKey, Sequence[DatedScore]]


def series_of(courses: "Collection[int] | QuerySet[Course, Any]") -> Mapping[int, CourseSeries]:
    """Return the scores of the courses by course id: the mean of a category's answers; one query."""
    answers = (
        Answer.objects.with_bounds()
        .filter(sheet__course__in=courses, sheet__state=SheetState.FINISHED, value__isnull=False)
        .select_related("sheet", "question__category")
        .order_by("sheet__answered_on", "sheet_id")
    )
    values: dict[tuple[int, SeriesKey], dict[int, list[ScaledValue]]] = {}
    days = {}
    for answer in answers:
        days[answer.sheet_id] = answer.sheet.answered_on
        key = answer.sheet.course_id, SeriesKey(answer.question.category.code, answer.rater)
        if answer.scaled is not None:
            values.setdefault(key, {}).setdefault(answer.sheet_id, []).append(answer.scaled)
    series: dict[int, dict[SeriesKey, Sequence[DatedScore]]] = defaultdict(dict)
    for (course, category), by_sheet in values.items():
        series[course][category] = [
            DatedScore(days[sheet], score)
            for sheet, scaled in by_sheet.items()
            if (score := mean_score(scaled)) is not None
        ]
    return series


def of_citizen(series: CourseSeries) -> dict[str, Sequence[DatedScore]]:
    """Return the citizen's own scores by category: those in which progress is counted."""
    return {key.category: scores for key, scores in series.items() if key.rater == Rater.CITIZEN}
