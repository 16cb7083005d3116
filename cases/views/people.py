"""The project leader's pages about the project's people: who does what, hand-over, default team."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.policy import led_projects
from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from cases import actions, policy
from cases.actions.duties import count_left_vacant
from cases.forms.default_team import DefaultTeamForm
from cases.forms.handover import HandOverForm
from cases.tables.people import PeopleTable
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@require_safe
@requires("cases.oversee")
def people(request: AuthenticatedRequest) -> HttpResponse:
    """List the people of the led projects: their functions, absences, and what they left vacant."""
    projects = policy.projects_overseen_by(request.user)
    members = User.objects.filter(memberships__project__in=projects).distinct().order_by("name", "pk")
    table = PeopleTable(members, projects=projects, on=clock.today())
    context = {
        "page_title": _("Staff"),
        "table": paged(request, table),
        "projects": led_projects(request.user).order_by("name"),
        "empty": Empty(_("Nobody has a role in the project yet. An administrator invites the staff.")),
    }
    return render_page(request, "cases/people.html", context, fragment="kit/list_fragment.html")


@edit_page
@requires("cases.oversee")
def hand_over(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Divide the running courses of one person among colleagues, from one day on."""
    projects = policy.projects_overseen_by(request.user)
    person = _person(request, public_id)
    today = clock.today()
    form = HandOverForm(
        form_data(request), person=person, projects=projects, today=today, initial={"from_on": today}
    )
    citizens = {row.holding.course.citizen.public_id for row in form.rows}
    record_shown(request.user, "hand_over", citizens)
    context = {
        "person": person,
        "vacant": sum(duty.courses for duty in count_left_vacant(person, today, projects=projects)),
    }
    return answer_form(
        request,
        form,
        back_url=reverse("cases:people"),
        template="cases/hand_over.html",
        context=context,
    )


@edit_page
@requires("cases.oversee")
def default_team(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Choose who gets the functions of a new course, for each municipality of the project (D43)."""
    project = get_object_or_404(led_projects(request.user), slug=slug)
    form = DefaultTeamForm(form_data(request), project=project)
    return answer_form(request, form, back_url=reverse("cases:people"), template="cases/default_team.html")


@require_POST
@requires("cases.oversee")
def give_back(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give a person back, from today on, the functions that are vacant since the person left them."""
    person = _person(request, public_id)
    projects = policy.projects_overseen_by(request.user)
    count = actions.give_back_vacant(person, clock.today(), projects=projects, by=request.user)
    message = ngettext("%(count)d function is given back.", "%(count)d functions are given back.", count)
    messages.success(request, message % {"count": count})
    return redirect("cases:people")


def _person(request: AuthenticatedRequest, public_id: uuid.UUID) -> User:
    """Return a person with a role, or functions left, in a project that the user leads; 404 otherwise."""
    projects = policy.projects_overseen_by(request.user)
    person = User.objects.filter(public_id=public_id, memberships__project__in=projects).first()
    if person is None:
        record_refused(request.user, "hand_over", public_id)
        raise Http404
    return person
