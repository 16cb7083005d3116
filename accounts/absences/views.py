"""Absences: one's own, those one stands in for, and as a project leader those of the project's people."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import policy
from accounts.absences import actions
from accounts.absences.forms import CorrectAbsenceForm, EnterAbsenceForm
from accounts.absences.tables import AbsenceTable
from accounts.models import Absence, User
from accounts.requests import AuthenticatedRequest
from audit.access import requires
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from jobfirst.kit.versioned import StaleError, sent_version


@require_safe
@requires("accounts.list_absences")
def absence_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the absences that concern the user, the latest first."""
    rows = Absence.objects.visible_to(request.user).select_related("user", "stand_in", "project")
    table = AbsenceTable(rows.order_by("-last_on", "-pk"), viewer=request.user, on=clock.today())
    context = {
        "page_title": _("Absence and stand-ins"),
        "page_intro": _("While somebody is away, a colleague stands in: sees the courses and is told."),
        "table": paged(request, table),
        "empty": Empty(_("No absence is entered.")),
    }
    return render_page(request, "accounts/absences.html", context, fragment="kit/list_fragment.html")


@edit_page
@requires("accounts.list_absences")
def new_absence(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Enter an absence: one's own, or as a leader that of one of the project's people."""
    person = get_object_or_404(User, public_id=public_id)
    projects = policy.projects_of_absence(request.user, person)
    if not projects:
        raise Http404
    today = clock.today()
    form = EnterAbsenceForm(
        form_data(request), person=person, projects=projects, today=today, initial={"first_on": today}
    )
    return answer_form(request, form, back_url=reverse("absences"))


@edit_page
@requires("accounts.list_absences")
def correct_absence(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change the days or the stand-in, or end the absence early."""
    absence = _absence(request, public_id)
    today = clock.today()
    form = CorrectAbsenceForm(form_data(request), instance=absence, today=today)
    context = {"absence": absence, "is_over": absence.last_on < today}
    return answer_form(
        request, form, back_url=reverse("absences"), template="accounts/absence.html", context=context
    )


@require_POST
@requires("accounts.list_absences")
def end_absence(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """End an absence early: the person is back today."""
    absence = _absence(request, public_id)
    try:
        actions.end_absence(absence, clock.today(), version=sent_version(request.POST))
    except StaleError:
        messages.error(request, _("Somebody else has changed the absence meanwhile. Look at the days again."))
        return redirect("correct_absence", public_id)
    messages.success(request, _("The absence has ended. %(name)s is back.") % {"name": absence.user})
    return redirect("absences")


def _absence(request: AuthenticatedRequest, public_id: uuid.UUID) -> Absence:
    """Return an absence that concerns the user; 404 otherwise, 403 for who only stands in."""
    visible = Absence.objects.visible_to(request.user).select_related("user", "project", "stand_in")
    absence = get_object_or_404(visible, public_id=public_id)
    if not request.user.has_perm("accounts.manage_absence", absence):
        raise PermissionDenied
    return absence
