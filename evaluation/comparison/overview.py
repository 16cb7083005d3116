"""The projects side by side on the same measures, and the whole trial against what is expected of it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

from accounts.models import Project, TrialTerms
from evaluation.measures import registry
from evaluation.measures.values import Measure, Unit
from evaluation.publication import plan
from evaluation.publication.models import TOTAL
from evaluation.publication.reading import PublishedFigures, ShownFigure, read_figures
from evaluation.rules.enrolment import expected_enrolment
from jobfirst.values.dates import DateSpan, in_force_or_first
from randomization.draw.enrolment import last_days_of_draw

#: The measures of the comparison, in the order of the page.
COMPARED: tuple[Measure, ...] = (
    *(registry.WEEKLY_CONTACT, registry.MEETINGS, registry.REVIEWS, registry.EMPTY_DAYS, registry.DROP_OUT),
    *(registry.COMPLETED, registry.ORDINARY_SHARE, registry.ORDINARY_MEAN),
    *(registry.NINE_ELEMENTS, registry.PROGRESSED),
)
#: Measures that read the published figure of another one, which counts the same courses.
SAME_FIGURE = {registry.ORDINARY_MEAN.code: registry.ORDINARY_SHARE.code}


@dataclass(frozen=True)
class Enrolled:
    """How many are drawn in both arms at the cut-off, of how many expected in each in all (D3), and how many
    participants an even pace would have until then."""

    participants: int
    controls: int
    target: int
    expected: int

    @property
    def ahead(self) -> int:
        """How many participants there are more than an even pace gives; negative when there are fewer."""
        return self.participants - self.expected


@dataclass(frozen=True)
class ComparedFigure:
    """A project's figure of a measure; `value` is rounded to a decimal, as it is shown and sorted by.

    `figure` is None when it is withheld, and of an older cut-off when it is not renewed.
    """

    project: Project | None
    figure: ShownFigure | None
    value: Decimal | None
    is_older: bool


@dataclass(frozen=True)
class ComparedMeasure:
    """A measure with the figures of the projects in the order of their names, and of the whole trial."""

    measure: Measure
    projects: Sequence[ComparedFigure]
    total: ComparedFigure

    @property
    def is_share(self) -> bool:
        """Whether the value is a percentage."""
        return self.measure.unit is Unit.SHARE


@dataclass(frozen=True)
class ComparedProject:
    """A project's row: its enrolment, and its values by the codes of the measures."""

    project: Project
    enrolled: Enrolled
    values: SimpleNamespace
    slack_percent: int


@dataclass(frozen=True)
class ComparisonOverview:
    """All that the comparison shows, as of the cut-off; `points_apart` is the term that says which
    differences are worth a sentence."""

    cut_off: datetime.date
    smallest_count: int
    points_apart: int
    enrolled: Enrolled
    projects: Sequence[ComparedProject]
    measures: Sequence[ComparedMeasure]


def make_overview() -> ComparisonOverview | None:
    """Return the comparison of the newest publication; None before the first. Four queries."""
    codes = {SAME_FIGURE.get(measure.code, measure.code) for measure in COMPARED}
    figures = read_figures(codes | {plan.DRAWN.code})
    if figures is None:
        return None
    projects = list(Project.objects.order_by("name"))
    all_terms = list(TrialTerms.objects.all())
    terms = in_force_or_first(all_terms, figures.cut_off)
    last_days = last_days_of_draw(projects, all_terms)
    measures = [_compared(measure, projects, figures) for measure in COMPARED]
    rows = [
        ComparedProject(
            project,
            _enrolled(project, last_days[project.pk], figures),
            SimpleNamespace(**{compared.measure.code: compared.projects[number] for compared in measures}),
            terms.enrolment_slack_percent,
        )
        for number, project in enumerate(projects)
    ]
    return ComparisonOverview(
        cut_off=figures.cut_off,
        smallest_count=figures.smallest_count,
        points_apart=terms.points_apart,
        enrolled=_summed([row.enrolled for row in rows]),
        projects=rows,
        measures=measures,
    )


def _compared(measure: Measure, projects: Sequence[Project], figures: PublishedFigures) -> ComparedMeasure:
    return ComparedMeasure(
        measure,
        [compared_figure(measure, project, figures) for project in projects],
        compared_figure(measure, None, figures),
    )


def compared_figure(measure: Measure, project: Project | None, figures: PublishedFigures) -> ComparedFigure:
    """Return a project's figure, or that of the whole trial, as it is shown."""
    row = project.slug if project else TOTAL
    figure = figures.newest(SAME_FIGURE.get(measure.code, measure.code), row)
    value = figure.value(measure.unit) if figure else None
    return ComparedFigure(
        project,
        figure,
        None if value is None else round(value, 1),
        is_older=figure is not None and figure.cut_off < figures.cut_off,
    )


def _enrolled(project: Project, last_day: datetime.date, figures: PublishedFigures) -> Enrolled:
    drawn = figures.newest(plan.DRAWN.code, project.slug)
    span = DateSpan(project.starts_on, last_day)
    return Enrolled(
        participants=drawn.counted if drawn else 0,
        controls=drawn.rows - drawn.counted if drawn else 0,
        target=project.target_count,
        expected=expected_enrolment(project.target_count, span=span, on=figures.cut_off),
    )


def _summed(rows: Sequence[Enrolled]) -> Enrolled:
    return Enrolled(
        participants=sum(row.participants for row in rows),
        controls=sum(row.controls for row in rows),
        target=sum(row.target for row in rows),
        expected=sum(row.expected for row in rows),
    )
