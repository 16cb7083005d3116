"""The project that a page of a project leader is about."""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.models import Project, User
from accounts.policy import led_projects
from accounts.requests import AuthenticatedRequest
from audit.access import PermissionMissing
from cases.models import Referral, ShutOut


def chosen_project(
    request: AuthenticatedRequest, extend: Callable[[QuerySet[Project]], QuerySet[Project]] | None = None
) -> tuple[Project, list[Project]]:
    """Return the project of `?project=slug`, and all that the user leads; the first one when none is named.

    `extend` adds to the query what the page needs of the projects. `leaves_out` of a project says that its
    numbers count citizens whom its lists leave out for the user (D51, docs/privacy.md).

    PermissionMissing for who leads none, 404 for a project that the user does not lead.
    """
    if not request.user.has_perm("evaluation.view_dashboard"):
        raise PermissionMissing("evaluation.view_dashboard")
    led = led_projects(request.user)
    led = led.annotate(leaves_out=_leaves_out(request.user))
    projects = list(extend(led) if extend is not None else led)
    slug = request.GET.get("project", "")
    project = next((led for led in projects if led.slug == slug), None) if slug else projects[0]
    if project is None:
        raise Http404
    return project, projects


def _leaves_out(user: User) -> Q:
    """Return whether a project has citizens from whom the user is shut out, or who were erased."""
    referrals = Referral.objects.filter(project=OuterRef("pk"))
    closed = ShutOut.objects.in_force().filter(user=user.pk, citizen__referrals__project=OuterRef("pk"))
    return Q(Exists(closed)) | Q(Exists(referrals.exclude(citizen__erased_on=None)))
