"""The project leader's dashboard."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown
from evaluation.concerns import count_by_kind, find_concern_kind, project_concerns
from evaluation.dashboard import count_enrolment
from evaluation.presentation import dashboard as presentation
from evaluation.tables import ConcernTable
from evaluation.views.led_project import chosen_project
from grants.models import Statement
from jobfirst import clock
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@require_safe
def dashboard(request: AuthenticatedRequest) -> HttpResponse:
    """Show a led project's figures and what needs attention (`?project=slug`, `?kind=`; the first led
    project when none is named). Records the citizens named on the page."""
    project, projects = chosen_project(request)
    today = clock.today()
    concerns = project_concerns(project, today)
    kind = request.GET.get("kind", "")
    counts = count_by_kind(concerns)
    chosen = find_concern_kind(kind)
    if chosen is not None:
        concerns = concerns.filter(kind__in=chosen.kinds)
    total = sum(count for concern_kind, count in counts if chosen is None or concern_kind == chosen)
    table = paged(request, ConcernTable(concerns, today, total=total))
    record_shown(
        request.user, table.access_action("dashboard"), {concern.citizen_id for concern in table.records}
    )
    context = {
        "project": project,
        "projects": projects,
        "enrolment": count_enrolment(project, today),
        "phases": presentation.phase_figures(project, today),
        "kinds": counts,
        "kind": kind,
        "newest": Statement.objects.newest(project),
        "unreachable": list(User.objects.with_returned_mail(project)),
        "table": table,
        "empty": Empty(_("Nothing is missed, due or unfilled. Come back on Monday.")),
    }
    return render_page(request, "evaluation/dashboard.html", context)
