"""The figures of all projects, without events: one aggregate over the stored events (D28–D30)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import Project
from grants.models import EarnedEvent, GrantEventKindChoices
from grants.reckoning.frame import fetch_frame
from grants.reckoning.statement import ZERO, ProjectStatement, StatementView


@dataclass(frozen=True)
class ProjectFigures(ProjectStatement):
    """A project's figures without its events."""

    counted_starts: int = 0
    counted_completions: int = 0
    counted_sum: Decimal = ZERO

    @property
    def starts(self) -> int:
        """Starts earned up to the cut-off."""
        return self.counted_starts

    @property
    def completions(self) -> int:
        """Completions earned up to the cut-off."""
        return self.counted_completions

    @property
    def earned_to_date(self) -> Decimal:
        """What is earned to date, in kroner."""
        return self.counted_sum


@dataclass(frozen=True, slots=True)
class EventTotals:
    """The numbers of a project's events, and kroner in all."""

    starts: int = 0
    completions: int = 0
    earned: Decimal = ZERO


def totals_by_project(
    projects: Iterable[Project], cut_off: datetime.date
) -> QuerySet[EarnedEvent, tuple[int, int, int, Decimal]]:
    """Return the aggregate of the events settled by the cut-off: project id, starts, completions, kroner."""
    rows = EarnedEvent.objects.settled_by(cut_off).filter(project__in=projects).order_by()
    return rows.values_list("project_id").annotate(
        starts=Count("kind", filter=Q(kind=GrantEventKindChoices.START)),
        completions=Count("kind", filter=Q(kind=GrantEventKindChoices.COMPLETION)),
        earned=Sum("amount"),
    )


def fetch_totals(projects: Iterable[Project], cut_off: datetime.date) -> dict[int, EventTotals]:
    """Return the totals of the events settled by the cut-off, by project id; of projects that have any."""
    rows = totals_by_project(projects, cut_off)
    return {
        project: EventTotals(starts, completions, earned) for project, starts, completions, earned in rows
    }


def figures(year: int, cut_off: datetime.date, projects: Iterable[Project]) -> StatementView:
    """Return the draft's figures for these projects, without events. Raises NoTermsError."""
    frame = fetch_frame(cut_off, projects)
    totals = fetch_totals(frame.projects, cut_off)
    statements = []
    for project in frame.projects:
        of_project = totals.get(project.pk, EventTotals())
        statements.append(
            ProjectFigures(
                **frame.project_fields(project),
                lines=(),
                counted_starts=of_project.starts,
                counted_completions=of_project.completions,
                counted_sum=of_project.earned,
            )
        )
    return StatementView(year=year, cut_off=cut_off, terms=frame.terms, projects=tuple(statements))
