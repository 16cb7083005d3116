"""The course list, finding a citizen, and opening a colleague's course with a reason."""

import uuid

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from cases import actions
from cases.filters import CourseFilter
from cases.forms.course import FindForm, OpenForm
from cases.models import Citizen, Course, FunctionHolding
from cases.tables.courses import CourseTable
from cases.views.common import course_url
from jobfirst import clock
from jobfirst.kit.editing import edit_page, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@require_safe
@requires("cases.list_courses")
def course_list(request: AuthenticatedRequest) -> HttpResponse:
    """The courses that the person may see: 25 a page, filter and sort in the address, eight queries."""
    today = clock.today()
    courses = Course.objects.visible_to(request.user)
    chosen = CourseFilter(request.GET, queryset=courses, request=request, on=today)
    table = paged(request, CourseTable(chosen.qs, on=today))
    record_shown(request.user, "courses", [row.citizen_id for row in table.records])
    context = {
        "page_title": _("Courses"),
        "table": table,
        "filter": chosen,
        "empty": _empty(request),
    }
    return render_page(request, "cases/course_list.html", context, fragment="kit/list_fragment.html")


def _empty(request: AuthenticatedRequest) -> Empty:
    """What an empty list says: whether it is the filter, or that there is nothing yet."""
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
    """Find a citizen's course by CPR number within one's own projects.

    One's own course opens; a colleague's asks for a reason first. A citizen of another project, a control
    citizen and nobody at all get the same answer. The number itself is neither kept nor shown again.
    """
    form = FindForm(form_data(request))
    context = {
        "page_title": _("Find a citizen"),
        "page_intro": _("Finds courses in your own projects. Every search is recorded."),
        "back_url": reverse("cases:courses"),
        "form": form,
    }
    if request.method == "POST" and form.is_valid():
        course = _found(request, form.cleaned_data["cpr"])
        if course is not None:
            visible = Course.objects.visible_to(request.user).filter(pk=course.pk).exists()
            return redirect(course_url(course) if visible else reverse("cases:open", args=[course.public_id]))
        form.add_error("cpr", _("There is no course with that number in your projects."))
        form.data = {"cpr": ""}
    return render_page(request, "kit/form_page.html", context)


def _found(request: AuthenticatedRequest, digits: str) -> Course | None:
    """The course of this citizen in the person's own projects; the search is recorded either way."""
    citizen = Citizen.objects.with_cpr(digits).first()
    course = (
        Course.objects.filter(citizen=citizen, project_id__in=request.user.project_ids())
        .select_related("citizen")
        .first()
        if citizen is not None
        else None
    )
    known = [citizen.public_id] if citizen is not None else []
    if course is None:
        record_refused(request.user, "course.find", "cpr", known)
    else:
        record_shown(request.user, "course.find", known)
    return course


@edit_page
@requires("cases.find_citizen")
def open_colleagues(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask why a colleague's course is to be opened; the reason is recorded and the project leader sees it."""
    course = (
        Course.objects.filter(public_id=public_id, project_id__in=request.user.project_ids())
        .select_related("citizen", "municipality")
        .prefetch_related(Prefetch("holdings", FunctionHolding.objects.select_related("user")))
        .first()
    )
    if course is None:
        asked = Course.objects.filter(public_id=public_id).values_list("citizen__public_id", flat=True)
        record_refused(request.user, "course.open", public_id, asked)
        raise Http404
    form = OpenForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
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
