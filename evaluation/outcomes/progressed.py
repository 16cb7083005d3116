"""How many of the participants have progressed by a day (D6, D23), of all projects together."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import NamedTuple

from accounts.models import Project
from evaluation.measures.figures import figures
from evaluation.measures.registry import PROGRESSED
from evaluation.measures.values import Window


class ProgressionOutcome(NamedTuple):
    """How many participants have two answers in a selected category to compare, and how many progressed."""

    compared: int
    progressed: int

    @property
    def share(self) -> float | None:
        """The share that has progressed; None while nobody can be compared."""
        return self.progressed / self.compared if self.compared else None


def count_progressed(projects: Collection[Project], on: datetime.date) -> ProgressionOutcome:
    """Return the participants of the projects whose answers by the day can be compared; one query."""
    counted = figures([PROGRESSED], projects, Window(on, on))[PROGRESSED.code].values()
    return ProgressionOutcome(
        compared=sum(figure.rows for figure in counted), progressed=sum(figure.counted for figure in counted)
    )
