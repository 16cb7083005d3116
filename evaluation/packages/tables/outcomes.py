"""The outcomes: paid hours by month of both arms (D20), and the participants' progression (D23)."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Avg, Count, F, FloatField, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from evaluation.models import PaidHours
from evaluation.packages.batch import PackageBatch
from evaluation.packages.columns import PackageColumn, PackageRow, PackageTable
from evaluation.packages.tables.trial import CITIZEN, DAY, codes
from jobfirst.values.dates import MONTH
from progression.models import Answer, Rater, ScaleStep, SheetState
from progression.rules.progress import HIGHEST_SCORE


def _outcomes(batch: PackageBatch) -> Iterator[PackageRow]:
    """Yield a row for each month from the one after the draw to the last one with hours of anybody."""
    if batch.outcomes_until is None:
        return
    hours: dict[int, dict[datetime.date, float]] = defaultdict(dict)
    rows = PaidHours.objects.filter(citizen__in=batch.allocations, month__lte=batch.outcomes_until)
    for citizen, month, paid in rows.values_list("citizen", "month", "hours"):
        hours[citizen][month] = float(paid)
    for citizen, row in batch.allocations.items():
        month, number = row.allocated_on.replace(day=1) + MONTH, 1
        while month <= batch.outcomes_until:
            yield batch.citizen(citizen), f"{month:%Y-%m}", number, hours[citizen].get(month)
            month, number = month + MONTH, number + 1


def _progression(batch: PackageBatch) -> Iterator[PackageRow]:
    """Yield the mean score of each category of each finished sheet, by who answers."""
    citizen_of = batch.citizen_of()
    scores = _category_scores(citizen_of, batch.as_of)
    for course, day, questionnaire, category, rater, number, score in scores.iterator():
        citizen = citizen_of[course]
        yield (
            batch.citizen(citizen),
            batch.day(citizen, day),
            questionnaire,
            category,
            rater,
            number,
            round(score, 4),
        )


def _category_scores(courses: Collection[int], as_of: datetime.date) -> QuerySet[Answer, tuple[Any, ...]]:
    """Return course, day, questionnaire, category, rater, number of answers and mean score."""
    steps = ScaleStep.objects.filter(scale=OuterRef("question__scale")).order_by().values("scale")
    answers = Answer.objects.filter(
        sheet__course__in=courses,
        sheet__state=SheetState.FINISHED,
        sheet__answered_on__lte=as_of,
        value__isnull=False,
    ).alias(
        lowest_step=Subquery(steps.annotate(bound=Min("value")).values("bound")),
        highest_step=Subquery(steps.annotate(bound=Max("value")).values("bound")),
    )
    share = Cast(F("value") - F("lowest_step"), FloatField()) / Cast(
        F("highest_step") - F("lowest_step"), FloatField()
    )
    grouped = answers.alias(scaled_value=share * HIGHEST_SCORE).values_list(
        "sheet__course",
        "sheet__answered_on",
        "sheet__questionnaire_version__questionnaire__code",
        "question__category__code",
        "rater",
    )
    order = ("sheet__course", "sheet__answered_on", "question__category__code", "rater")
    return grouped.annotate(number=Count("pk"), score=Avg("scaled_value")).order_by(*order)


OUTCOMES = PackageTable(
    "outcomes",
    _(
        "A row for each citizen and month, from the month after the draw to the last month with paid hours "
        "of anybody. No cell: the month was not delivered for this citizen, which is not the same as 0."
    ),
    (
        CITIZEN,
        PackageColumn("month", "text", _("The month"), "YYYY-MM", "PaidHours.month"),
        PackageColumn("months_since_draw", "integer", _("Months since the month of the draw"), "1, 2, 3, …"),
        PackageColumn(
            "paid_hours", "decimal", _("Paid hours of the month"), "hours; empty: missing", "PaidHours.hours"
        ),
    ),
    _outcomes,
)
PROGRESSION = PackageTable(
    "progression",
    _("A row for each finished set of answers, category and who answers. Participants only."),
    (
        CITIZEN,
        DAY,
        PackageColumn("questionnaire", "text", _("Code of the questionnaire"), source="Questionnaire.code"),
        PackageColumn("category", "text", _("Code of the category"), source="Category.code"),
        PackageColumn("answered_by", "text", _("Who answers"), codes(Rater.values), "Answer.rater"),
        PackageColumn("answers", "integer", _("How many questions were answered")),
        PackageColumn(
            "score",
            "decimal",
            _("Mean of the answers on a common scale"),
            "0–10",
            "Answer.value",
        ),
    ),
    _progression,
)
