"""The figures of the project leader's dashboard, in words."""

import datetime
from typing import NamedTuple

from django.utils.functional import Promise

from accounts.models import Project
from cases.presentation.phases import PHASE_WORDS
from evaluation.dashboard import count_courses_by_phase


class PhaseFigure(NamedTuple):
    """A phase in words, and how many courses are in it."""

    label: Promise
    courses: int


def phase_figures(project: Project, on: datetime.date) -> list[PhaseFigure]:
    """Return the project's courses by phase on the day."""
    return [
        PhaseFigure(PHASE_WORDS[phase], courses) for phase, courses in count_courses_by_phase(project, on)
    ]
