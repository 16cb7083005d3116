"""Lists of what is to be erased: proposed by one person, approved by another."""

import datetime
import uuid
from collections import defaultdict

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from cases.models import Citizen, Course
from jobfirst import clock
from jobfirst.kit.editing import errors_as_message
from jobfirst.kit.pages import render_page
from jobfirst.row_security.context import all_projects
from rights.erasure import runs
from rights.erasure.others.kinds import words_of
from rights.models import CITIZEN_KINDS, ErasureItem, ErasureRun, RetentionKind, RunState
from rights.policy import governed_projects
from rights.words import NOTES


@require_POST
@requires("rights.see_retention")
@all_projects("administrators, who see no project, decide on erasure by pseudonym")
def propose_run(request: AuthenticatedRequest) -> HttpResponse:
    """Make the list of the `project` (a slug; empty: of no project) as it is today."""
    slug = request.POST.get("project", "")
    project = Project.objects.filter(slug=slug).first()
    governed = governed_projects(request.user)
    if (slug and project is None) or (project.pk if project else None) not in governed:
        record_refused(request.user, "erasure.propose", slug)
        raise Http404
    with errors_as_message(request):
        run = runs.propose(request.user, project.pk if project else None, clock.today())
        messages.success(request, _("The list is made. Another person must approve it."))
        return redirect("rights:run", run.public_id)
    return redirect("rights:retention")


@require_safe
@requires("rights.see_retention")
@all_projects("administrators, who see no project, decide on erasure by pseudonym")
def show_run(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the list by pseudonym, with who proposed and who approved it."""
    run = _run_or_404(request, public_id)
    items = list(run.items.all())
    names = _names(request, items)
    context = {
        "page_title": _("To be erased: the list"),
        "run": run,
        "lines": [
            (item, names.get(item.subject, "") if item.subject else "", NOTES.get(item.note, item.note))
            for item in items
        ],
        "is_mine": run.proposed_by_id == request.user.pk,
        "waits": run.state == RunState.PROPOSED,
        "may_withdraw": runs.may_be_withdrawn(run),
    }
    return render_page(request, "rights/run.html", context)


@require_POST
@requires("rights.see_retention")
@all_projects("administrators, who see no project, decide on erasure by pseudonym")
def approve_run(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Approve the list that was seen (`hash`); `erase` carries it out."""
    run = _run_or_404(request, public_id)
    with errors_as_message(request):
        runs.decide(run, request.user, RunState.APPROVED, request.POST.get("hash", ""))
        messages.success(request, _("The list is approved. It is carried out by the next erasure."))
    return redirect("rights:run", public_id)


@require_POST
@requires("rights.see_retention")
@all_projects("administrators, who see no project, decide on erasure by pseudonym")
def withdraw_run(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw the list: nobody on it is erased."""
    run = _run_or_404(request, public_id)
    with errors_as_message(request):
        runs.decide(run, request.user, RunState.WITHDRAWN, "")
        messages.success(request, _("The list is withdrawn. Nobody on it is erased."))
    return redirect("rights:run", public_id)


def _names(request: AuthenticatedRequest, items: list[ErasureItem]) -> dict[uuid.UUID, str]:
    """Return what the list shows of each subject; the citizens shown are recorded."""
    by_kind: dict[RetentionKind, dict[uuid.UUID, datetime.date]] = defaultdict(dict)
    for item in items:
        if item.subject:
            by_kind[RetentionKind(item.kind)][item.subject] = item.begins_on
    citizens = [subject for kind in CITIZEN_KINDS for subject in by_kind[kind]]
    names = dict(Citizen.objects.filter(public_id__in=citizens).values_list("public_id", "pseudonym"))
    record_shown(request.user, "erasure.list", list(names))
    unended = Course.objects.filter(citizen__public_id__in=citizens, ended_on=None)
    for public_id in unended.values_list("citizen__public_id", flat=True):
        names[public_id] = _("%(citizen)s (nobody ended the course)") % {"citizen": names[public_id]}
    for kind, days in by_kind.items():
        if kind not in CITIZEN_KINDS:
            names |= words_of(kind, days, clock.today())
    return names


def _run_or_404(request: AuthenticatedRequest, public_id: uuid.UUID) -> ErasureRun:
    """Return the list, if the user may see it."""
    rows = ErasureRun.objects.select_related("project", "proposed_by", "decided_by", "withdrawn_by")
    run = rows.filter(public_id=public_id).first()
    if run is None or run.project_id not in governed_projects(request.user):
        record_refused(request.user, "erasure.list", public_id)
        raise Http404
    return run
