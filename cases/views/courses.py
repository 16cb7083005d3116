"""The course list, finding a citizen, and opening a colleague's course with a reason."""

import uuid

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from audit.limits import counted
from audit.usage import Usage
from cases import actions
from cases.filters import CourseFilter
from cases.forms.course import FindCitizenForm, OpenCourseForm
from cases.models import Citizen, Course, FunctionHolding
from cases.tables.courses import CourseTable
from cases.views.common import course_url
from cases.views.name_search import filter_data, searched_by_name
from jobfirst import clock
from jobfirst.kit.editing import edit_page, errors_shown_in, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from jobfirst.row_security.context import all_projects


@requires("cases.list_courses")
@searched_by_name
def course_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the courses of the user: 25 a page, filter and sort in the URL, eight queries."""
    today = clock.today()
    courses = Course.objects.visible_to(request.user)
    chosen = CourseFilter(filter_data(request), queryset=courses, request=request, on=today)
    table = paged(request, CourseTable(chosen.qs, on=today))
    record_shown(request.user, table.access_action("courses"), [row.citizen_id for row in table.records])
    context = {
        "page_title": _("Courses"),
        "table": table,
        "filter": chosen,
        "empty": _empty(request),
    }
    return render_page(request, "cases/course_list.html", context, fragment="kit/list_fragment.html")


def _empty(request: AuthenticatedRequest) -> Empty:
    """Return the text of an empty list: the filter matches nothing, or there are no courses yet."""
    if request.GET:
        return Empty(_("No course matches. Change the filter."), reverse("cases:courses"), _("Show all"))
    return Empty(
        _("You have no courses yet. A course stands here when you hold a function in it."),
        reverse("cases:find"),
        _("Find a colleague's course"),
    )


@edit_page
@requires("cases.find_citizen")
def find(request: AuthenticatedRequest) -> HttpResponse:
    """Find a citizen's course by CPR number within the user's projects.

    A course that the user may see opens; a colleague's asks for a reason first. An unknown citizen, a control
    citizen and a citizen of another project get the same answer. The number is neither stored nor shown
    again.
    """
    form = FindCitizenForm(form_data(request))
    context = {
        "page_title": _("Find a citizen"),
        "page_intro": _("Finds courses in your own projects. Every search is recorded."),
        "back_url": reverse("cases:courses"),
        "form": form,
    }
    if request.method == "POST" and form.is_valid():
        with errors_shown_in(form):
            with counted(request.user, Usage.CPR_SEARCH):
                course = _course_of_number(request, form.cleaned_data["cpr"])
            if course is not None:
                visible = Course.objects.visible_to(request.user).filter(pk=course.pk).exists()
                return redirect(
                    course_url(course) if visible else reverse("cases:open", args=[course.public_id])
                )
            form.add_error("cpr", _("There is no course with that number in your projects."))
    if form.is_bound:
        form.data = {"cpr": ""}
    return render_page(request, "kit/form_page.html", context)


def _course_of_number(request: AuthenticatedRequest, digits: str) -> Course | None:
    """Return the course of this citizen in the user's projects; the search is recorded either way."""
    with all_projects("the record of a search names the citizen, of whatever project"):
        citizen = Citizen.objects.with_cpr(digits).first()
    course = (
        Course.objects.openable_by(request.user).filter(citizen=citizen).select_related("citizen").first()
        if citizen is not None
        else None
    )
    citizens = [citizen.public_id] if citizen is not None else []
    if course is None:
        record_refused(request.user, "course.find", "cpr", citizens)
    else:
        record_shown(request.user, "course.find", citizens)
    return course


@edit_page
@requires("cases.find_citizen")
def open_colleagues(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask for the reason to open a colleague's course; it is recorded and shown to the project leader."""
    course = (
        Course.objects.openable_by(request.user)
        .filter(public_id=public_id)
        .select_related("citizen", "municipality")
        .prefetch_related(Prefetch("holdings", FunctionHolding.objects.select_related("user")))
        .first()
    )
    if course is None:
        foreign = Course.objects.filter(public_id=public_id).values_list("citizen__public_id", flat=True)
        with all_projects("the record of a refusal names the citizen asked for, of whatever project"):
            record_refused(request.user, "course.open", public_id, foreign)
        raise Http404
    form = OpenCourseForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with errors_shown_in(form):
            with counted(request.user, Usage.OPENING):
                actions.open_colleagues_course(course, request.user, reason)
                record_shown(request.user, "course.open", [course.citizen.public_id], reason)
            messages.info(request, _("The course is open to you until midnight. The reason is recorded."))
            return redirect(course_url(course))
    record_shown(request.user, "course.open_asked", [course.citizen.public_id])
    context = {
        "page_title": _("Open a colleague's course"),
        "page_intro": _("The course is in your project, but you hold no function in it."),
        "back_url": reverse("cases:find"),
        "form": form,
    }
    return render_page(request, "kit/form_page.html", context)
