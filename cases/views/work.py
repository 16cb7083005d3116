"""What is written on a course: functions, job goals, profile, what runs beside it, and its end."""

import uuid

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.requests import AuthenticatedRequest
from cases import actions, extension_points
from cases.access import get_course_or_404, get_of_course_or_404
from cases.forms.course import AssignForm, EndForm, GoalForm, ProfileForm
from cases.forms.needs import (
    AccommodationForm,
    CoverForm,
    EffortForm,
    EndAccommodationForm,
    EndEffortForm,
    NeedForm,
)
from cases.models import Accommodation, Course, CourseFunction, ParallelEffort, UncoveredNeed
from cases.views.common import answer_form, course_url, form_page, last_day_allowed, posted
from jobfirst import clock


@form_page
def assign(request: AuthenticatedRequest, public_id: uuid.UUID, function: str) -> HttpResponse:
    """Fill a function of the course, or give it to somebody else from a day on (D8)."""
    course = get_course_or_404(request, public_id, "course.function", "cases.assign_function")
    if function not in CourseFunction.values:
        raise Http404
    form = AssignForm(
        posted(request),
        initial={"from_on": max(clock.today(), course.started_on)},
        people=_people(course, function),
    )
    return answer_form(
        request,
        form,
        lambda: actions.assign_function(
            course,
            function=function,
            user=form.cleaned_data["user"],
            from_on=form.cleaned_data["from_on"],
            today=clock.today(),
        ),
        title=_("Fill the function: %(function)s") % {"function": CourseFunction(function).label},
        intro=course.citizen_name,
        back_url=course_url(course, "functions"),
        saved=_("The function is filled."),
    )


def _people(course: Course, function: str) -> QuerySet[User]:
    """Those who may hold the function: active, with that role in the course's project."""
    return (
        User.objects.filter(
            is_active=True, memberships__role=function, memberships__project_id=course.project_id
        )
        .distinct()
        .order_by("name", "email")
    )


@form_page
def goals(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Set the job goals; from the second version on with the reason (D10)."""
    course = get_course_or_404(request, public_id, "course.goals", "cases.work_on_course")
    latest = course.job_goals.first()
    start = {"functions": latest.functions, "workplaces": latest.workplaces} if latest else {}
    form = GoalForm(posted(request), initial={"set_on": clock.today(), **start}, first=latest is None)
    return answer_form(
        request,
        form,
        lambda: actions.add_job_goal_version(
            course,
            functions=form.cleaned_data["functions"],
            workplaces=form.cleaned_data["workplaces"],
            reason=form.cleaned_data.get("reason", ""),
            set_on=form.cleaned_data["set_on"],
            by=request.user,
            submission=form.submission,
            not_after=last_day_allowed(),
        ),
        title=_("Job goals") if latest is None else _("Change the job goals"),
        intro=course.citizen_name,
        back_url=course_url(course, "goals"),
        saved=_("The job goals are saved."),
    )


@form_page
def profile(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write the profile and when the CV was updated (D10)."""
    course = get_course_or_404(request, public_id, "course.profile", "cases.work_on_course")
    form = ProfileForm(posted(request), instance=course)
    return answer_form(
        request,
        form,
        lambda: actions.update_profile(
            course,
            profile=form.cleaned_data["profile"],
            cv_updated_on=form.cleaned_data["cv_updated_on"],
            version=form.opened_version,
            not_after=last_day_allowed(),
        ),
        title=_("Profile and CV"),
        intro=course.citizen_name,
        back_url=course_url(course, "goals"),
        saved=_("The profile is saved."),
    )


@form_page
def end(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """End the course, with its reason and outcome (D12)."""
    course = get_course_or_404(request, public_id, "course.end", "cases.end_course")
    form = EndForm(
        posted(request),
        initial={"ended_on": clock.today()},
        running=extension_points.still_running(course),
    )
    return answer_form(
        request,
        form,
        lambda: actions.end_course(
            course,
            ended_on=form.cleaned_data["ended_on"],
            reason=form.cleaned_data["reason"],
            outcome=form.cleaned_data["outcome"],
            not_after=last_day_allowed(),
            placements_end=form.cleaned_data.get("placements") == "ended",
            by=request.user,
            today=clock.today(),
        ),
        title=_("End the course"),
        intro=_("Meetings booked for later are cancelled. The course can still be read."),
        submit=_("End the course"),
        back_url=course_url(course),
        saved=_("The course has ended."),
    )


@form_page
def new_need(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Note a need that nobody covers yet (D11)."""
    course = get_course_or_404(request, public_id, "course.needs", "cases.manage_needs")
    form = NeedForm(posted(request), initial={"noted_on": clock.today()})
    return answer_form(
        request,
        form,
        lambda: actions.record_need(
            course,
            description=form.cleaned_data["description"],
            noted_on=form.cleaned_data["noted_on"],
            submission=form.submission,
        ),
        title=_("Uncovered need"),
        intro=course.citizen_name,
        back_url=course_url(course, "support"),
        saved=_("The need is noted."),
    )


@form_page
def cover_need(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record when and how a need was covered (D11)."""
    need = get_of_course_or_404(
        request, UncoveredNeed.objects.all(), public_id, "course.needs", "cases.manage_needs"
    )
    form = CoverForm(posted(request), initial={"covered_on": clock.today()})
    return answer_form(
        request,
        form,
        lambda: actions.cover_need(
            need,
            covered_on=form.cleaned_data["covered_on"],
            covered_how=form.cleaned_data["covered_how"],
        ),
        title=_("The need is covered"),
        intro=need.description,
        back_url=course_url(need.course, "support"),
        saved=_("The need is covered."),
    )


@form_page
def new_effort(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record an intervention that runs at the same time (D11)."""
    course = get_course_or_404(request, public_id, "course.needs", "cases.manage_needs")
    form = EffortForm(posted(request), initial={"starts_on": clock.today()})
    return answer_form(
        request,
        form,
        lambda: actions.record_effort(
            course,
            kind=form.cleaned_data["kind"],
            description=form.cleaned_data["description"],
            coordinator=form.cleaned_data["coordinator"],
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            submission=form.submission,
        ),
        title=_("Parallel effort"),
        intro=course.citizen_name,
        back_url=course_url(course, "support"),
        saved=_("The effort is recorded."),
    )


@form_page
def end_effort(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the last day of a parallel effort."""
    effort = get_of_course_or_404(
        request, ParallelEffort.objects.all(), public_id, "course.needs", "cases.manage_needs"
    )
    form = EndEffortForm(posted(request), initial={"ends_on": effort.ends_on or clock.today()})
    return answer_form(
        request,
        form,
        lambda: actions.end_effort(effort, ends_on=form.cleaned_data["ends_on"]),
        title=_("The effort ends"),
        intro=effort.description,
        back_url=course_url(effort.course, "support"),
        saved=_("The last day is saved."),
    )


@form_page
def new_accommodation(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a consideration that workplaces must take (D11); it reaches the work agreement."""
    course = get_course_or_404(request, public_id, "course.needs", "cases.work_on_course")
    form = AccommodationForm(posted(request), initial={"from_on": clock.today()})
    return answer_form(
        request,
        form,
        lambda: actions.record_accommodation(
            course,
            description=form.cleaned_data["description"],
            from_on=form.cleaned_data["from_on"],
            until_on=form.cleaned_data["until_on"],
            submission=form.submission,
        ),
        title=_("Accommodation"),
        intro=course.citizen_name,
        back_url=course_url(course, "support"),
        saved=_("The accommodation is recorded."),
    )


@form_page
def end_accommodation(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the last day of an accommodation."""
    accommodation = get_of_course_or_404(
        request, Accommodation.objects.all(), public_id, "course.needs", "cases.work_on_course"
    )
    form = EndAccommodationForm(
        posted(request), initial={"until_on": accommodation.until_on or clock.today()}
    )
    return answer_form(
        request,
        form,
        lambda: actions.end_accommodation(accommodation, until_on=form.cleaned_data["until_on"]),
        title=_("The accommodation ends"),
        intro=accommodation.description,
        back_url=course_url(accommodation.course, "support"),
        saved=_("The last day is saved."),
    )
