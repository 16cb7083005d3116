"""What the pages of the steering group share: things of a led project, and addresses."""

import uuid
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse

from accounts.models import Project
from accounts.policy import led_project_ids, led_projects
from accounts.requests import AuthenticatedRequest
from audit.access import PermissionMissing, record_refused
from evaluation.steering.models import SteeringMeeting

MANAGE = "evaluation.manage_steering"
RowT = TypeVar("RowT", bound=Model)


def led_project_or_404(request: AuthenticatedRequest, slug: str, action: str) -> Project:
    """Return the project if the user leads it; a foreign one answers as one that does not exist."""
    if not request.user.has_perm(MANAGE):
        raise PermissionMissing(MANAGE)
    project = led_projects(request.user).filter(slug=slug).first()
    if project is None:
        record_refused(request.user, action, slug)
        raise Http404
    return project


def of_led_project_or_404(
    request: AuthenticatedRequest,
    rows: QuerySet[RowT],
    public_id: uuid.UUID,
    action: str,
    project: str = "project",
) -> RowT:
    """Return the row of a project that the user leads; `project` is the path from the row to its project."""
    if not request.user.has_perm(MANAGE):
        raise PermissionMissing(MANAGE)
    led = rows.filter(**{f"{project}__in": led_project_ids(request.user)})
    row = led.filter(public_id=public_id).first()
    if row is None:
        record_refused(request.user, action, public_id)
        raise Http404
    return row


def group_url(project: Project) -> str:
    """Return the address of the page of the project's group."""
    return f"{reverse('evaluation:steering')}?project={project.slug}"


def meeting_url(meeting: SteeringMeeting) -> str:
    """Return the address of the page of a meeting."""
    return reverse("evaluation:steering_meeting", args=[meeting.public_id])
