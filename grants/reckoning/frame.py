"""What bounds a draft before any event is reckoned: terms, target counts, allocations, earlier statements.

`fetch_frame` takes three queries, whatever the number of citizens: the terms, the projects with their awards
and the events of their allocations, and the approved statements.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple, TypedDict

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import Project
from grants.models import Award, GrantTerms, Statement
from grants.reckoning.participation import (
    EventOfCourse,
    ParticipationBound,
    allocation_events_of_project,
    bounds_by_course,
)
from grants.reckoning.statement import ZERO, LatestApproved
from grants.rules.entitlement import ceiling
from grants.rules.values import EntitlementTerms
from jobfirst.dates import in_force
from jobfirst.kit.days import short_date


class NoTermsError(Exception):
    """No terms of the grant are in force on the cut-off."""


@dataclass(frozen=True, slots=True)
class ApprovedHistory:
    """The approved statements by project id, seen from a cut-off.

    `latest` is the latest statement up to the cut-off, `paid` kroner paid in all, whatever the cut-off,
    `later_cut_off` the latest approved cut-off after it.
    """

    latest: dict[int, LatestApproved]
    paid: dict[int, Decimal]
    later_cut_off: dict[int, datetime.date]


def _fetch_approved(projects: list[Project], cut_off: datetime.date) -> ApprovedHistory:
    """Return the approved statements of the projects.

    Payments after the cut-off are subtracted too, so that a look back never shows them as payable again.
    """
    history = ApprovedHistory({}, {}, {})
    statements = Statement.objects.approved().filter(project__in=projects).order_by("cut_off")
    for row in statements.values_list("project_id", "paid", "pk", "cut_off", "earned_to_date", named=True):
        paid = history.paid[row.project_id] = history.paid.get(row.project_id, ZERO) + row.paid
        if row.cut_off <= cut_off:
            history.latest[row.project_id] = LatestApproved(paid, row.pk, row.cut_off, row.earned_to_date)
        else:
            history.later_cut_off[row.project_id] = row.cut_off
    return history


class AwardInForce(NamedTuple):
    """The target count of a project's award in force, and the day it holds from."""

    target_count: int
    valid_from: datetime.date


class ProjectFields(TypedDict):
    """The fields of a `ProjectStatement` that do not depend on its events."""

    project: Project
    target: int
    ceiling: Decimal
    paid_before: Decimal
    latest_approved: LatestApproved | None
    approved_until: datetime.date | None


@dataclass(frozen=True, slots=True)
class StatementFrame:
    """What bounds a draft before any event is reckoned: terms, target counts and approved statements."""

    projects: list[Project]
    #: The terms in force on the cut-off, and all of them as the rules reckon with them.
    terms: GrantTerms
    dated_terms: list[EntitlementTerms]
    awards: dict[int, AwardInForce]
    #: Of citizens who left the trial or were referred in error, by course id.
    bounds_by_course: dict[int, ParticipationBound]
    approved: ApprovedHistory

    def project_fields(self, project: Project) -> ProjectFields:
        """Return the fields of the project's `ProjectStatement` that do not depend on its events.

        The ceiling follows the terms in force on the day the award began, or without an award the project
        (D29): rates that change later change what later events pay, but not the ceiling.
        """
        award = self.awards.get(project.pk, AwardInForce(project.target_count, project.starts_on))
        award_terms = in_force(self.dated_terms, award.valid_from) or self.dated_terms[0]
        return {
            "project": project,
            "target": award.target_count,
            "ceiling": ceiling(award_terms, award.target_count),
            "paid_before": self.approved.paid.get(project.pk, ZERO),
            "latest_approved": self.approved.latest.get(project.pk),
            "approved_until": self.approved.later_cut_off.get(project.pk),
        }


def fetch_frame(cut_off: datetime.date, projects: Iterable[Project]) -> StatementFrame:
    """Fetch the frame of a draft. Raises NoTermsError when no terms are in force on the cut-off."""
    all_terms = list(GrantTerms.objects.order_by("valid_from"))
    terms = in_force(all_terms, cut_off)
    if terms is None:
        raise NoTermsError(_("No terms of the grant are in force on %(day)s.") % {"day": short_date(cut_off)})
    with_awards = _fetch_awards(projects, cut_off)
    return StatementFrame(
        projects=with_awards.projects,
        terms=terms,
        dated_terms=[row.as_values() for row in all_terms],
        awards=with_awards.awards,
        bounds_by_course=bounds_by_course(with_awards.allocation_events),
        approved=_fetch_approved(with_awards.projects, cut_off),
    )


class _ProjectsWithAwards(NamedTuple):
    """Projects in order of slug, their awards in force by id, and the ledger events of their allocations."""

    projects: list[Project]
    awards: dict[int, AwardInForce]
    allocation_events: list[EventOfCourse]


def _fetch_awards(projects: Iterable[Project], cut_off: datetime.date) -> _ProjectsWithAwards:
    """Fetch the projects' awards in force on the day and their allocation events in one query."""
    award = Award.objects.begun(cut_off).filter(project=OuterRef("pk"))
    if isinstance(projects, QuerySet):
        instances, queryset = None, projects
    else:
        instances = list(projects)
        queryset = Project.objects.filter(pk__in=[project.pk for project in instances])
    rows = queryset.annotate(
        awarded=Subquery(award.values("target_count")[:1]),
        awarded_from=Subquery(award.values("valid_from")[:1]),
        allocation_events=allocation_events_of_project(),
    )
    return _ProjectsWithAwards(
        projects=sorted(rows if instances is None else instances, key=attrgetter("slug")),
        awards={
            row.pk: AwardInForce(row.awarded, row.awarded_from) for row in rows if row.awarded is not None
        },
        allocation_events=[event for row in rows for event in row.allocation_events],
    )
