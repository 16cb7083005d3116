"""What bounds a draft before any event is read: terms, target counts, earlier statements.

`fetch_frame` takes two queries, whatever the number of citizens: the terms, and the projects with their
awards and approved statements.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _

from accounts.models import Project
from grants.models import Award, GrantTerms, Statement, StatementState
from grants.reckoning.statement import ZERO, LatestApproved
from grants.rules.entitlement import ceiling
from grants.rules.values import EntitlementTerms
from jobfirst.kit.days import short_date
from jobfirst.values.dates import in_force


class NoTermsError(Exception):
    """No terms of the grant are in force on the cut-off."""


@dataclass(frozen=True, slots=True)
class ApprovedHistory:
    """The approved statements by project id, seen from a cut-off.

    `latest` is the latest statement up to the cut-off. Whatever the cut-off: `paid` is kroner registered as
    paid, `unpaid` kroner approved without a payment yet. `later_cut_off` is the latest approved cut-off after
    it.
    """

    latest: dict[int, LatestApproved]
    paid: dict[int, Decimal]
    unpaid: dict[int, Decimal]
    later_cut_off: dict[int, datetime.date]


def _approved_statements() -> ArraySubquery:
    """Return the approved statements of a project as JSON, in order of cut-off."""
    statements = Statement.objects.approved().filter(project=OuterRef("pk")).order_by("cut_off")
    fields = {name: Cast(name, TextField()) for name in ("paid", "cut_off", "earned_to_date", "state")}
    return ArraySubquery(statements.values(data=JSONObject(pk="pk", **fields)))


def _history(rows: Iterable[tuple[int, list[dict[str, Any]]]], cut_off: datetime.date) -> ApprovedHistory:
    """Return the approved statements by project id, from those of each project as JSON.

    Statements after the cut-off are subtracted too, so that a look back never shows their sums as payable
    again.
    """
    history = ApprovedHistory({}, {}, {}, {})
    for project_id, statements in rows:
        approved = ZERO
        for data in statements:
            amount = Decimal(data["paid"])
            sums = history.paid if data["state"] == StatementState.PAID else history.unpaid
            sums[project_id] = sums.get(project_id, ZERO) + amount
            approved += amount
            day = datetime.date.fromisoformat(data["cut_off"])
            if day <= cut_off:
                earned = Decimal(data["earned_to_date"])
                history.latest[project_id] = LatestApproved(approved, data["pk"], day, earned)
            else:
                history.later_cut_off[project_id] = day
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
    approved_unpaid: Decimal
    latest_approved: LatestApproved | None
    approved_until: datetime.date | None


@dataclass(frozen=True, slots=True)
class StatementFrame:
    """What bounds a draft before any event is read: terms, target counts and approved statements."""

    projects: list[Project]
    #: The terms in force on the cut-off, and all of them as the rules reckon with them.
    terms: GrantTerms
    dated_terms: list[EntitlementTerms]
    awards: dict[int, AwardInForce]
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
            "approved_unpaid": self.approved.unpaid.get(project.pk, ZERO),
            "latest_approved": self.approved.latest.get(project.pk),
            "approved_until": self.approved.later_cut_off.get(project.pk),
        }


def fetch_frame(cut_off: datetime.date, projects: Iterable[Project]) -> StatementFrame:
    """Fetch the frame of a draft. Raises NoTermsError when no terms are in force on the cut-off."""
    all_terms = list(GrantTerms.objects.order_by("valid_from"))
    terms = in_force(all_terms, cut_off)
    if terms is None:
        raise NoTermsError(_("No terms of the grant are in force on %(day)s.") % {"day": short_date(cut_off)})
    instances, rows = _fetch_projects(projects, cut_off)
    return StatementFrame(
        projects=instances,
        terms=terms,
        dated_terms=[row.as_values() for row in all_terms],
        awards={
            row.pk: AwardInForce(row.awarded, row.awarded_from) for row in rows if row.awarded is not None
        },
        approved=_history(((row.pk, row.approved) for row in rows), cut_off),
    )


def _fetch_projects(projects: Iterable[Project], cut_off: datetime.date) -> tuple[list[Project], list[Any]]:
    """Return the projects in order of slug, and rows with their awards in force and approved statements.

    One query. Instances that are given are returned as they are.
    """
    award = Award.objects.begun(cut_off).filter(project=OuterRef("pk"))
    if isinstance(projects, QuerySet):
        instances, queryset = None, projects
    else:
        instances = list(projects)
        queryset = Project.objects.filter(pk__in=[project.pk for project in instances])
    rows = list(
        queryset.annotate(
            awarded=Subquery(award.values("target_count")[:1]),
            awarded_from=Subquery(award.values("valid_from")[:1]),
            approved=_approved_statements(),
        )
    )
    return sorted(rows if instances is None else instances, key=attrgetter("slug")), rows
