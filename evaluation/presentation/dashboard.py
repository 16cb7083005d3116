"""The figures of the project leader's dashboard, in words."""

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise

from accounts.models import Project
from cases.presentation.phases import PHASE_WORDS
from evaluation.attention import Concern, ConcernKind
from evaluation.dashboard import count_courses_by_phase


class PhaseFigure(NamedTuple):
    """A phase in words, and how many courses are in it."""

    label: Promise
    courses: int


class KindFigure(NamedTuple):
    """A kind of concern, and how many there are."""

    kind: ConcernKind
    concerns: int


def phase_figures(project: Project, on: datetime.date) -> list[PhaseFigure]:
    """Return the project's courses by phase on the day."""
    return [
        PhaseFigure(PHASE_WORDS[phase], courses) for phase, courses in count_courses_by_phase(project, on)
    ]


def kind_figures(concerns: Iterable[Concern]) -> list[KindFigure]:
    """Return how many concerns there are of each kind."""
    counts = Counter(concern.kind for concern in concerns)
    return [KindFigure(kind, counts[kind]) for kind in ConcernKind]
