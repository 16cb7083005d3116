"""The agenda of a steering group: fixed points with the project's figures, then the points that are added.

A figure is written as people read it, with what it means beside it; nobody is named. While a meeting is
planned the figures are those of today; when it is held they are kept as of its day.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Project
from evaluation.dashboard import count_enrolment
from evaluation.fidelity.counts import count_fidelity
from evaluation.presentation.dashboard import phase_figures
from evaluation.steering.models import AddedPoint, SteeringDecision, SteeringMeeting

#: What the codes of added points begin with.
ADDED = AddedPoint.CODE_BEGINS


class PointFigure(NamedTuple):
    """A figure of a point in words, and what it is measured against."""

    label: str
    value: str
    beside: str = ""


@dataclass(frozen=True)
class SteeringTopic:
    """A fixed point of every agenda: `code` names its minutes, `figures` reads the project's figures on a
    day."""

    code: str
    title: str | Promise
    figures: Callable[[Project, datetime.date], Iterable[PointFigure]]


@dataclass(frozen=True)
class PreparedPoint:
    """A point of one meeting's agenda, with its figures as of a day."""

    code: str
    title: str
    figures: Sequence[PointFigure] = ()
    is_added: bool = False

    @property
    def key(self) -> str:
        """The id of an added point."""
        return self.code.removeprefix(ADDED)


def _enrolment(project: Project, on: datetime.date) -> Iterable[PointFigure]:
    enrolment = count_enrolment(project, on)
    target = _("of %(number)d wanted") % {"number": enrolment.target_count}
    yield PointFigure(_("Participants"), str(enrolment.participants), target)
    at_least = _("of at least %(number)d") % {"number": enrolment.wanted_per_arm}
    yield PointFigure(_("Controls"), str(enrolment.controls), at_least)
    yield PointFigure(_("Waiting for the draw"), str(enrolment.waiting))
    yield PointFigure(_("Last day of enrolment"), date_format(enrolment.last_day, "SHORT_DATE_FORMAT"))


def _phases(project: Project, on: datetime.date) -> Iterable[PointFigure]:
    for phase in phase_figures(project, on):
        yield PointFigure(str(phase.label), str(phase.courses))


def _elements(project: Project, on: datetime.date) -> Iterable[PointFigure]:
    (fidelity,) = count_fidelity([project], on)
    of_all = _("of %(number)d courses") % {"number": fidelity.courses}
    for element in fidelity.elements:
        yield PointFigure(f"{element.element}. {element.name}", str(element.met), of_all)
    yield PointFigure(_("All nine core elements"), str(fidelity.all_nine), of_all)


def _decisions(project: Project, on: datetime.date) -> Iterable[PointFigure]:
    decisions = SteeringDecision.objects.still_open().filter(meeting__project=project)
    for decision in decisions:
        due = _("by %(day)s") % {"day": date_format(decision.due_on, "SHORT_DATE_FORMAT")}
        yield PointFigure(decision.text, decision.owner_name, due)


DECISIONS = "decisions"
TOPICS = (
    SteeringTopic("enrolment", gettext_lazy("Enrolment"), _enrolment),
    SteeringTopic("phases", gettext_lazy("Courses by phase"), _phases),
    SteeringTopic("elements", gettext_lazy("The nine core elements"), _elements),
    SteeringTopic(DECISIONS, gettext_lazy("Decisions to follow up"), _decisions),
)


def agenda_of(meeting: SteeringMeeting, on: datetime.date) -> list[PreparedPoint]:
    """Return the points of the meeting with the figures of the day: the fixed ones, then the added ones."""
    points = [
        PreparedPoint(topic.code, str(topic.title), list(topic.figures(meeting.project, on)))
        for topic in TOPICS
    ]
    added = meeting.added_points.all()
    return [*points, *(PreparedPoint(point.code, point.title, is_added=True) for point in added)]
