"""How the steps of the scales are used by those who fill them in with the citizens (D56).

A team that understands the steps alike gives alike answers on the whole. Large differences between colleagues
may also come from different citizens: they are something to talk about, no verdict.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Avg, Count, F, FloatField, Max, Q, StdDev
from django.db.models.functions import Cast

from accounts.models import Project
from progression.models import Answer, Rater, SheetState

#: Answers are told on a scale from 0 to this, whatever the scale of the question.
HIGHEST = 10


@dataclass(frozen=True)
class ColleagueSpread:
    """The answers given with one colleague: means and standard deviation on a scale from 0 to `HIGHEST`.

    `difference` is how much higher (negative: lower) the colleague's own estimates are than the citizens'
    answers. None where nothing was answered.
    """

    name: str
    sheets: int
    latest_on: datetime.date
    citizen_mean: float | None
    citizen_deviation: float | None
    mentor_mean: float | None

    @property
    def difference(self) -> float | None:
        """The mentor's mean less the citizens'."""
        if self.mentor_mean is None or self.citizen_mean is None:
            return None
        return self.mentor_mean - self.citizen_mean


def spread_by_colleague(project: Project, since: datetime.date) -> list[ColleagueSpread]:
    """Return the spread of the project's answers since the day, by who finished the sheets; one query.

    Imported sheets, which nobody here has finished, are left out.
    """
    of_citizen, of_mentor = Q(rater=Rater.CITIZEN), Q(rater=Rater.MENTOR)
    answers = Answer.objects.with_bounds().filter(
        sheet__course__project=project,
        sheet__state=SheetState.FINISHED,
        sheet__answered_on__gte=since,
        sheet__finished_by__isnull=False,
        value__isnull=False,
    )
    scored = answers.annotate(
        score=Cast(F("value") - F("lowest"), FloatField()) * HIGHEST / (F("highest") - F("lowest"))
    )
    rows = (
        scored.order_by()
        .values("sheet__finished_by", "sheet__finished_by__name", "sheet__finished_by__email")
        .annotate(
            sheets=Count("sheet", distinct=True),
            latest_on=Max("sheet__answered_on"),
            citizen_mean=Avg("score", filter=of_citizen),
            citizen_deviation=StdDev("score", filter=of_citizen),
            mentor_mean=Avg("score", filter=of_mentor),
        )
        .order_by("sheet__finished_by__name", "sheet__finished_by")
    )
    return [
        ColleagueSpread(
            name=row["sheet__finished_by__name"] or row["sheet__finished_by__email"],
            sheets=row["sheets"],
            latest_on=row["latest_on"],
            citizen_mean=row["citizen_mean"],
            citizen_deviation=row["citizen_deviation"],
            mentor_mean=row["mentor_mean"],
        )
        for row in rows
    ]
