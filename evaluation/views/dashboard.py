"""The project leader's dashboard."""

from collections import Counter
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Project
from accounts.roles import Role
from audit.access import record_shown
from cases.rules.phases import Phase
from evaluation.attention import Kind, concerns
from evaluation.dashboard import courses_by_phase, enrolment
from evaluation.tables import ConcernTable
from grants.models import Statement
from jobfirst import clock
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged

PHASES = {
    Phase.SNIFFING: _("Sniffing"),
    Phase.INTERNSHIP: _("Internship"),
    Phase.CONTINUED: _("Continued effort"),
    Phase.ENDED: _("Ended"),
}


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show a led project's figures and what needs attention (`?project=slug`, `?kind=`; the first led
    project when none is named). Records the citizens named on the page."""
    user: Any = request.user
    if not user.has_perm("evaluation.view_dashboard"):
        raise PermissionDenied
    projects = list(Project.objects.filter(pk__in=user.project_ids(Role.PROJECT_LEADER)))
    wanted = request.GET.get("project", "")
    project = next((p for p in projects if p.slug == wanted), None) if wanted else projects[0]
    if project is None:
        raise Http404
    today = clock.today()
    found = concerns(project, today)
    counted = Counter(concern.kind for concern in found)
    kind = request.GET.get("kind", "")
    table = paged(
        request, ConcernTable([c for c in found if not kind or c.kind == kind], order_by=("due_on",))
    )
    record_shown(user, "dashboard", {row.record.course.citizen.public_id for row in table.page.object_list})
    return render_page(
        request,
        "evaluation/dashboard.html",
        {
            "project": project,
            "projects": projects,
            "enrolment": enrolment(project, today),
            "phases": [(PHASES[phase], count) for phase, count in courses_by_phase(project, today)],
            "kinds": [(option, counted[option]) for option in Kind],
            "kind": kind,
            "newest": Statement.objects.newest(project),
            "table": table,
            "empty": Empty(gettext("Nothing is missed, due or unfilled. Come back on Monday.")),
        },
    )
