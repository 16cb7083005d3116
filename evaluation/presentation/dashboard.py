"""What the project leader's dashboard shows, in words."""

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from cases.rules.phases import Phase
from evaluation.attention import Concern, Kind
from evaluation.dashboard import courses_by_phase

PHASES = {
    Phase.SNIFFING: _("Sniffing"),
    Phase.INTERNSHIP: _("Internship"),
    Phase.CONTINUED: _("Continued effort"),
    Phase.ENDED: _("Ended"),
}


class PhaseFigure(NamedTuple):
    """A phase in words, and how many courses are in it."""

    label: Promise
    courses: int


class KindFigure(NamedTuple):
    """A kind of concern, and how many there are."""

    kind: Kind
    concerns: int


def phase_figures(project: Project, on: datetime.date) -> list[PhaseFigure]:
    """Return the project's courses by phase on the day."""
    return [PhaseFigure(PHASES[phase], courses) for phase, courses in courses_by_phase(project, on)]


def kind_figures(concerns: Iterable[Concern]) -> list[KindFigure]:
    """Return how many concerns there are of each kind."""
    counts = Counter(concern.kind for concern in concerns)
    return [KindFigure(kind, counts[kind]) for kind in Kind]
