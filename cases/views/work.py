"""Edit pages of a course: functions, job goals, needs, efforts, accommodations."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.requests import AuthenticatedRequest
from audit.access import record_refused
from audit.middleware import mark_recorded
from cases import actions
from cases.access import get_course_or_404, get_of_course_or_404
from cases.forms.accommodations import AccommodationForm, EndAccommodationForm, LimitAccommodationForm
from cases.forms.citizen_contact import CitizenContactForm
from cases.forms.course import AssignFunctionForm, JobGoalForm
from cases.forms.handover_note import HandoverNoteForm
from cases.forms.needs import (
    CoverNeedForm,
    EffortForm,
    EndEffortForm,
    NeedForm,
)
from cases.models import (
    Accommodation,
    Course,
    CourseFunction,
    FunctionHolding,
    ParallelEffort,
    UncoveredNeed,
)
from cases.policy import held_functions
from cases.views.common import course_url
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data


@edit_page
def assign(request: AuthenticatedRequest, public_id: uuid.UUID, function: str) -> HttpResponse:
    """Assign a function of the course from a day on (D8)."""
    course = get_course_or_404(request, public_id, "course.function", "cases.assign_function")
    if function not in CourseFunction.values:
        raise Http404
    form = AssignFunctionForm(
        form_data(request),
        course=course,
        function=CourseFunction(function),
        initial={"from_on": max(clock.today(), course.started_on)},
    )
    return answer_form(request, form, back_url=course_url(course, "functions"))


@edit_page
def handover_note(request: AuthenticatedRequest, public_id: uuid.UUID, function: str) -> HttpResponse:
    """Write or change the note for the newest holder of a function (D57)."""
    course = get_course_or_404(request, public_id, "course.function", "cases.work_on_course")
    form = HandoverNoteForm(form_data(request), holding=_newest_holding(course, function))
    return answer_form(request, form, back_url=course_url(course, "functions"))


@require_POST
def read_handover_note(request: AuthenticatedRequest, public_id: uuid.UUID, function: str) -> HttpResponse:
    """Record that the holder of the function (or the stand-in) has read the note.

    Refused while the note is for somebody who takes the function over on a later day.
    """
    course = get_course_or_404(request, public_id, "course.function", "cases.register_contact")
    holding = _newest_holding(course, function)
    if function not in held_functions(request.user, course) or clock.today() not in holding.span:
        record_refused(request.user, "course.function", public_id, [course.citizen.public_id])
        raise mark_recorded(PermissionDenied())
    note = getattr(holding, "handover_note", None)
    if note is not None:
        actions.mark_note_read(note, request.user)
        messages.success(request, gettext("The hand-over note is marked as read."))
    return redirect(course_url(course, "functions"))


def _newest_holding(course: Course, function: str) -> FunctionHolding:
    """Return the newest holding of a function; 404 for one that nobody has held."""
    holdings = course.holdings.filter(function=function).select_related("handover_note", "course__referral")
    holding = holdings.order_by("-from_on").first()
    if holding is None:
        raise Http404
    return holding


@edit_page
def goals(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Save a version of the job goals; from the second on with a reason (D10)."""
    course = get_course_or_404(request, public_id, "course.goals", "cases.work_on_course")
    form = JobGoalForm(
        form_data(request),
        course=course,
        latest=course.job_goals.first(),
        initial={"set_on": clock.today()},
    )
    return answer_form(request, form, back_url=course_url(course, "goals"))


@edit_page
def citizen_contact(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct how the citizen is reached."""
    course = get_course_or_404(
        request,
        public_id,
        "course.citizen_contact",
        "cases.manage_citizen_contact",
        Course.objects.select_related("citizen_contact"),
    )
    form = CitizenContactForm(form_data(request), course=course)
    return answer_form(request, form, back_url=course_url(course, "citizen"))


@edit_page
def new_need(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a need that nobody covers yet (D11)."""
    course = get_course_or_404(request, public_id, "course.needs", "cases.manage_needs")
    form = NeedForm(form_data(request), course=course, initial={"noted_on": clock.today()})
    return answer_form(request, form, back_url=course_url(course, "support"))


@edit_page
def cover_need(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record when and how a need was covered (D11)."""
    need = get_of_course_or_404(
        request, UncoveredNeed.objects.all(), public_id, "course.needs", "cases.manage_needs"
    )
    form = CoverNeedForm(form_data(request), need=need, initial={"covered_on": clock.today()})
    return answer_form(request, form, back_url=course_url(need.course, "support"))


@edit_page
def new_effort(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a parallel effort (D11)."""
    course = get_course_or_404(request, public_id, "course.needs", "cases.manage_needs")
    form = EffortForm(form_data(request), course=course, initial={"starts_on": clock.today()})
    return answer_form(request, form, back_url=course_url(course, "support"))


@edit_page
def end_effort(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the last day of a parallel effort."""
    effort = get_of_course_or_404(
        request, ParallelEffort.objects.all(), public_id, "course.needs", "cases.manage_needs"
    )
    last_day = effort.ends_on or clock.today()
    form = EndEffortForm(form_data(request), effort=effort, initial={"ends_on": last_day})
    return answer_form(request, form, back_url=course_url(effort.course, "support"))


@edit_page
def new_accommodation(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record an accommodation at the workplace (D11); it is copied to the work agreement."""
    course = get_course_or_404(request, public_id, "course.needs", "cases.work_on_course")
    form = AccommodationForm(form_data(request), course=course, initial={"from_on": clock.today()})
    return answer_form(
        request, form, back_url=course_url(course, "support"), template="cases/accommodation_form.html"
    )


@edit_page
def end_accommodation(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the last day of an accommodation."""
    accommodation = get_of_course_or_404(
        request, Accommodation.objects.all(), public_id, "course.needs", "cases.work_on_course"
    )
    last_day = accommodation.until_on or clock.today()
    form = EndAccommodationForm(
        form_data(request), accommodation=accommodation, initial={"until_on": last_day}
    )
    return answer_form(request, form, back_url=course_url(accommodation.course, "support"))


@edit_page
def limit_accommodation(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Set the limits of an accommodation, with which work agreements are compared."""
    accommodation = get_of_course_or_404(
        request, Accommodation.objects.all(), public_id, "course.needs", "cases.work_on_course"
    )
    form = LimitAccommodationForm(form_data(request), accommodation=accommodation)
    return answer_form(request, form, back_url=course_url(accommodation.course, "support"))
