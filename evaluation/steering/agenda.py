"""The agenda of a steering group: fixed points with the project's figures, then the points that are added.

A figure is written as people read it, with what it means beside it; nobody is named. While a meeting is
planned the figures are those of today; when it is held they are kept as of its day.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Project, TrialTerms
from cases.presentation.phases import PHASE_WORDS
from cases.rules.phases import Phase
from evaluation.fidelity.counts import count_fidelity
from evaluation.measures import registry
from evaluation.measures.figures import figures
from evaluation.measures.values import Figure, Measure, Window
from evaluation.measures.words import counted_of, value_in_words
from evaluation.steering.models import AddedPoint, SteeringDecision, SteeringMeeting
from jobfirst.values.dates import in_force_or_first
from randomization.draw.enrolment import last_day_by_terms

#: Contacts, meetings, reviews and gaps are counted over a quarter of a year, as the group meets.
WEEKS = 13
#: What the codes of added points begin with.
ADDED = AddedPoint.CODE_BEGINS


class PointFigure(NamedTuple):
    """A figure of a point in words, and what it is measured against."""

    label: str
    value: str
    beside: str = ""


@dataclass(frozen=True)
class GroupFacts:
    """What the points are made of: the project, the day, the figures of its measures by their code, and the
    decisions that are not done."""

    project: Project
    on: datetime.date
    figures: Mapping[str, Figure]
    decisions: Sequence[SteeringDecision]


@dataclass(frozen=True)
class SteeringTopic:
    """A fixed point of every agenda: `code` names its minutes, `figures` says the project's figures."""

    code: str
    title: str | Promise
    figures: Callable[[GroupFacts], Iterable[PointFigure]]


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


def measured(facts: GroupFacts, *measures: Measure) -> Iterator[PointFigure]:
    """Yield the figures of measures, each with what it is counted of."""
    for measure in measures:
        figure = facts.figures[measure.code]
        yield PointFigure(str(measure.label), value_in_words(measure, figure), counted_of(measure, figure))


def _enrolment(facts: GroupFacts) -> Iterator[PointFigure]:
    drawn = facts.figures[registry.DRAWN.code]
    terms = list(TrialTerms.objects.all())
    goal = _("of the target %(target)s, at least %(minimum)s") % {
        "target": number_format(facts.project.target_count),
        "minimum": number_format(in_force_or_first(terms, facts.on).minimum_per_arm),
    }
    yield PointFigure(_("Participants"), str(drawn.counted), goal)
    yield PointFigure(_("Controls"), str(drawn.rows - drawn.counted), goal)
    yield PointFigure(_("Waiting for the draw"), str(facts.figures[registry.REFERRALS.code].counted))
    last_day = last_day_by_terms(facts.project, terms)
    yield PointFigure(_("Last day of enrolment"), date_format(last_day, "SHORT_DATE_FORMAT"))


def _phases(facts: GroupFacts) -> Iterator[PointFigure]:
    by_phase = facts.figures[registry.PHASES.code].by_note
    for phase in Phase:
        if phase is not Phase.NOT_STARTED:
            yield PointFigure(str(PHASE_WORDS[phase]), str(by_phase.get(phase.value, 0)))


def _contacts(facts: GroupFacts) -> Iterator[PointFigure]:
    return measured(facts, registry.WEEKLY_CONTACT, registry.MEETINGS, registry.REVIEWS)


def _gaps(facts: GroupFacts) -> Iterator[PointFigure]:
    return measured(facts, registry.EMPTY_DAYS, registry.GAPS_AHEAD)


def _weeks(facts: GroupFacts) -> Iterator[PointFigure]:
    return measured(facts, registry.COMPLETED, registry.DROP_OUT)


def _elements(facts: GroupFacts) -> Iterator[PointFigure]:
    (fidelity,) = count_fidelity([facts.project], facts.on)
    of_all = _("of %(number)d courses") % {"number": fidelity.courses}
    for element in fidelity.elements:
        yield PointFigure(f"{element.element}. {element.name}", str(element.met), of_all)
    yield PointFigure(_("All nine core elements"), str(fidelity.all_nine), of_all)


def _hours(facts: GroupFacts) -> Iterator[PointFigure]:
    return measured(facts, registry.ORDINARY_SHARE, registry.ORDINARY_MEAN)


def _progression(facts: GroupFacts) -> Iterator[PointFigure]:
    return measured(facts, registry.PROGRESSED)


def _grant(facts: GroupFacts) -> Iterator[PointFigure]:
    return measured(facts, registry.EARNED)


def _decisions(facts: GroupFacts) -> Iterator[PointFigure]:
    for decision in facts.decisions:
        due = _("by %(day)s") % {"day": date_format(decision.due_on, "SHORT_DATE_FORMAT")}
        yield PointFigure(decision.text, decision.owner_name, due)


DECISIONS = "decisions"
TOPICS = (
    SteeringTopic("enrolment", gettext_lazy("Enrolment"), _enrolment),
    SteeringTopic("phases", gettext_lazy("Courses by phase"), _phases),
    SteeringTopic("contacts", gettext_lazy("Contact, meetings and reviews"), _contacts),
    SteeringTopic("gaps", gettext_lazy("Gaps"), _gaps),
    SteeringTopic("weeks", gettext_lazy("13 weeks at a company"), _weeks),
    SteeringTopic("elements", gettext_lazy("The nine core elements"), _elements),
    SteeringTopic("hours", gettext_lazy("Ordinary hours"), _hours),
    SteeringTopic("progression", gettext_lazy("Progression"), _progression),
    SteeringTopic("grant", gettext_lazy("Grant"), _grant),
    SteeringTopic(DECISIONS, gettext_lazy("Decisions to follow up"), _decisions),
)
#: The measures of the points.
MEASURES = (
    *(registry.WEEKLY_CONTACT, registry.MEETINGS, registry.REVIEWS, registry.EMPTY_DAYS, registry.GAPS_AHEAD),
    *(registry.COMPLETED, registry.DROP_OUT, registry.ORDINARY_SHARE, registry.ORDINARY_MEAN),
    *(registry.PROGRESSED, registry.EARNED, registry.DRAWN, registry.REFERRALS, registry.PHASES),
)


def group_facts(
    project: Project, on: datetime.date, decisions: Sequence[SteeringDecision] | None = None
) -> GroupFacts:
    """Return what the points are made of: what fell due in the quarter of a year before the day, and what
    stands on it; one query, one more without the `decisions` that are not done."""
    by_code = figures(MEASURES, [project], Window.weeks(WEEKS, on))
    counted = {code: by_project[project.pk] for code, by_project in by_code.items()}
    return GroupFacts(project, on, counted, open_decisions(project) if decisions is None else decisions)


def open_decisions(project: Project) -> list[SteeringDecision]:
    """Return the decisions of the project's group that are not done yet, in the order of their days."""
    decisions = SteeringDecision.objects.still_open().filter(meeting__project=project)
    return list(decisions.select_related("meeting", "done_by"))


def decisions_beside(meeting: SteeringMeeting) -> tuple[list[SteeringDecision], list[SteeringDecision]]:
    """Return the group's decisions not done yet, and those in the draft of a planned meeting; one query."""
    earlier = SteeringDecision.objects.still_open().filter(meeting__project=meeting.project_id)
    decisions = SteeringDecision.objects.filter(Q(meeting=meeting) | Q(pk__in=earlier.values("pk")))
    rows = list(decisions.select_related("meeting", "done_by"))
    in_draft = [decision for decision in rows if decision.meeting_id == meeting.pk]
    return [decision for decision in rows if decision not in in_draft], in_draft


def agenda_of(
    meeting: SteeringMeeting, on: datetime.date, decisions: Sequence[SteeringDecision] | None = None
) -> list[PreparedPoint]:
    """Return the points of the meeting with the figures of the day: the fixed ones, then the added ones."""
    points = prepared_points(group_facts(meeting.project, on, decisions))
    added = meeting.added_points.all()
    return [*points, *(PreparedPoint(point.code, point.title, is_added=True) for point in added)]


def prepared_points(facts: GroupFacts) -> list[PreparedPoint]:
    """Return the fixed points with their figures."""
    return [PreparedPoint(topic.code, str(topic.title), list(topic.figures(facts))) for topic in TOPICS]
