"""Pages of a course's start: the checklist, and the vacant functions filled in one save (D8, D10, D43)."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from cases.access import get_course_or_404
from cases.actions.default_team import DefaultTeams
from cases.actions.start import fill_from_default_team, vacant_functions
from cases.forms.start import StartTeamForm
from cases.models import Course, CourseFunction
from cases.presentation.start import start_lines, with_start
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data
from jobfirst.kit.pages import render_page

ASSIGN = "cases.assign_function"


@require_safe
def start(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what is done of the course's start, and the vacant functions to who may fill them."""
    courses = with_start(Course.objects.select_related("municipality"))
    course = get_course_or_404(request, public_id, "course.start", "cases.view_course", courses)
    today = clock.today()
    running = not course.has_ended(clock.today())
    lines = start_lines(course, request.user)
    context = {
        "course": course,
        "running": running,
        "lines": lines,
        "done": sum(line.is_done for line in lines),
        "form": None,
        "default_team": [],
    }
    if running and request.user.has_perm(ASSIGN, course):
        functions = vacant_functions(course, max(today, course.started_on))
        if functions:
            form = StartTeamForm(course=course, functions=functions, on=today)
            form.action_url = reverse("cases:start_team", args=[public_id])
            team = DefaultTeams(course.project).on(today, course.municipality_id)
            context["form"] = form
            context["default_team"] = [str(team[function]) for function in functions if function in team]
    return render_page(request, "cases/start.html", context)


@edit_page
def start_team(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Fill the vacant functions of the course in one save."""
    course = get_course_or_404(request, public_id, "course.start", ASSIGN)
    today = clock.today()
    # Those on the form that was sent: one that was filled meanwhile is refused by name, not dropped.
    sent = [function for function in CourseFunction if function.value in request.POST]
    functions = sent or vacant_functions(course, max(today, course.started_on))
    form = StartTeamForm(form_data(request), course=course, functions=functions, on=today)
    return answer_form(request, form, back_url=start_url(course))


@require_POST
def start_default_team(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give the vacant functions to the default team."""
    course = get_course_or_404(request, public_id, "course.start", ASSIGN)
    with errors_as_message(request):
        fill_from_default_team(course, today=clock.today(), by=request.user)
        messages.success(request, _("The default team has the vacant functions."))
    return redirect(start_url(course))


def start_url(course: Course) -> str:
    """Return the address of the course's start."""
    return reverse("cases:start", args=[course.public_id])
