"""The project that a page of a project leader is about."""

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404

from accounts.models import Project, User
from accounts.policy import led_projects
from accounts.requests import AuthenticatedRequest
from audit.access import PermissionMissing
from cases.models import Referral, ShutOut
from evaluation.measures.values import LeftOut


def chosen_project(
    request: AuthenticatedRequest, extend: Callable[[QuerySet[Project]], QuerySet[Project]] | None = None
) -> tuple[Project, list[Project]]:
    """Return the project of `?project=slug`, and all that the user leads; the first one when none is named.

    `extend` adds to the query what the page needs of the projects. `left_out_of` says of the project which
    citizens are in no figure and no list of the user's (D51, docs/privacy.md).

    PermissionMissing for who leads none, 404 for a project that the user does not lead.
    """
    if not request.user.has_perm("evaluation.view_dashboard"):
        raise PermissionMissing("evaluation.view_dashboard")
    led = led_projects(request.user)
    led = led.annotate(closed_referrals=ArraySubquery(_closed_referrals(request.user)))
    projects = list(extend(led) if extend is not None else led)
    slug = request.GET.get("project", "")
    project = next((led for led in projects if led.slug == slug), None) if slug else projects[0]
    if project is None:
        raise Http404
    return project, projects


def left_out_of(project: Project) -> LeftOut:
    """Return the citizens of a project of `chosen_project` from whom the user is shut out."""
    rows: list[dict[str, Any]] = project.closed_referrals  # type: ignore[attr-defined]  # annotated
    return LeftOut(
        tuple(row["referral"] for row in rows),
        tuple(row["course"] for row in rows if row["course"]),
        tuple(row["subject"] for row in rows if row["subject"]),
    )


def _closed_referrals(user: User) -> QuerySet[Referral, Any]:
    """Return the referrals of the outer project whose citizens are closed to the user, with their courses."""
    closed = ShutOut.objects.in_force().filter(user=user.pk).values("citizen")
    referrals = Referral.objects.filter(project=OuterRef("pk"), citizen__in=closed).order_by("pk")
    columns = {"referral": "pk", "course": "course__pk", "subject": "course__public_id"}
    return referrals.values(row=JSONObject(**columns))
