"""What would fit: the suggestions for a citizen, and the citizens whom an opening fits."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases.access import get_course_or_404
from cases.models import Course
from companies.matching import actions
from companies.matching.entries import StepTaken
from companies.matching.suggestions import (
    NEEDS,
    accommodations_in_force,
    citizens_for,
    goal_of,
    suggestions_for,
)
from companies.matching.views.dialogues import dialogue_url
from companies.models import DialogueStep, JobOpening
from jobfirst import clock
from jobfirst.kit.editing import errors_as_message
from jobfirst.kit.forms import submission_token
from jobfirst.kit.pages import render_page


def _course(request: AuthenticatedRequest, public_id: uuid.UUID, perm: str) -> Course:
    """Return the course with what the suggestions read of it."""
    courses = Course.objects.select_related("municipality").prefetch_related(*NEEDS, "dialogues")
    return get_course_or_404(request, public_id, "course.suggestions", perm, courses)


@require_safe
def suggestions(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show what fits the citizen's job goal and accommodations, and why."""
    course = _course(request, public_id, "cases.view_course")
    today = clock.today()
    may = not course.has_ended(clock.today()) and request.user.has_perm("cases.manage_placements", course)
    context = {
        "course": course,
        "goal": goal_of(course),
        "accommodations": accommodations_in_force(course, today),
        "suggestions": suggestions_for(course, today, may_contact=may),
        "may_set_goals": request.user.has_perm("cases.work_on_course", course),
        "on": today,
    }
    return render_page(request, "companies/matching/suggestions.html", context)


@require_POST
def contact_suggested(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Register that a suggested company is contacted today: one tap, with everything filled in."""
    course = _course(request, public_id, "cases.manage_placements")
    today = clock.today()
    suggestion = suggestions_for(course, today, may_contact=True).of_key(request.POST.get("offer", ""))
    if suggestion is None:
        messages.info(request, _("The suggestion is not there any more."))
        return redirect("companies:suggestions", course.public_id)
    offered = suggestion.offered
    with errors_as_message(request):
        dialogue = actions.open_dialogue(
            course,
            offered.company,
            StepTaken(DialogueStep.CONTACTED, today),
            job_function=offered.offer.job_function,
            opening=offered.opening,
            by=request.user,
            submission=submission_token(request.POST.get("submission", "")),
        )
        messages.success(request, _("The company is registered as contacted today."))
        return redirect(dialogue_url(dialogue))
    return redirect("companies:suggestions", course.public_id)


@require_safe
@requires("companies.list_companies")
def opening_citizens(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show which of the user's own citizens an opening of the user's project fits, and why."""
    openings = JobOpening.objects.of_projects(request.user.project_ids())
    opening = openings.select_related("company", "workplace").filter(public_id=public_id).first()
    if opening is None:
        raise Http404
    today = clock.today()
    citizens = citizens_for(opening, request.user, today)
    citizen_ids = sorted(suggestion.course.citizen.public_id for suggestion in citizens)
    record_shown(request.user, "opening_citizens", citizen_ids)
    context = {
        "opening": opening,
        "suggestions": citizens,
        "back_url": reverse("companies:company", args=[opening.company.cvr]),
    }
    return render_page(request, "companies/matching/opening_citizens.html", context)
