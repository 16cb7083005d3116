"""The project that a page of a project leader is about."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import Project
from accounts.policy import led_projects
from accounts.requests import AuthenticatedRequest
from audit.access import PermissionMissing


def chosen_project(
    request: AuthenticatedRequest, extend: Callable[[QuerySet[Project]], QuerySet[Project]] | None = None
) -> tuple[Project, list[Project]]:
    """Return the project of `?project=slug`, and all that the user leads; the first one when none is named.

    `extend` adds to the query what the page needs of the projects.

    PermissionMissing for who leads none, 404 for a project that the user does not lead.
    """
    if not request.user.has_perm("evaluation.view_dashboard"):
        raise PermissionMissing("evaluation.view_dashboard")
    led = led_projects(request.user)
    projects = list(extend(led) if extend is not None else led)
    slug = request.GET.get("project", "")
    project = next((led for led in projects if led.slug == slug), None) if slug else projects[0]
    if project is None:
        raise Http404
    return project, projects
