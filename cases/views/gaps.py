"""The list of gaps (D22): behind and two weeks ahead, of the courses that one works on or leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases.gaps import CourseGap, find_gaps, with_filled_days
from cases.models import Course
from cases.tables.gaps import GapTable
from jobfirst import clock
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from jobfirst.values.danish_order import danish_key


@dataclass(frozen=True)
class Choice:
    """A choice of gaps: its value in the address, its name, its URL, and how many gaps it shows."""

    key: str
    label: str
    url: str
    number: int


@require_safe
@requires("cases.list_courses")
def gap_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the gaps of the user's running courses, for a leader of the whole project (`?project=slug`,
    `?when=behind`). Eight queries. Records the citizens of the page."""
    today = clock.today()
    listed = Course.objects.listed_for(request.user).running(today).select_related("project")
    courses = list(with_filled_days(listed))
    projects = sorted({course.project for course in courses}, key=lambda project: danish_key(project.name))
    project = _requested_project(request, projects)
    if project is not None:
        courses = [course for course in courses if course.project_id == project.pk]
    gaps = list(find_gaps(courses, today))
    by_choice = {
        "": gaps,
        "behind": [gap.so_far() for gap in gaps if gap.is_behind],
        "ahead": [gap for gap in gaps if gap.is_ahead],
    }
    when = request.GET.get("when", "")
    table = paged(request, GapTable(by_choice.get(when, gaps), user=request.user, on=today))
    record_shown(
        request.user, table.access_action("gaps"), {gap.course.citizen.public_id for gap in table.records}
    )
    context = {
        "page_title": _("Gaps"),
        "page_intro": _(
            "Working days without an activity, a placement or a pause: so far, and two weeks ahead."
        ),
        "table": table,
        "when": when if when in by_choice else "",
        "choices": _choices(by_choice, project),
        "total": len(gaps),
        "project": project,
        "projects": projects if len(projects) > 1 else [],
        "empty": _empty(gaps, project),
    }
    return render_page(request, "cases/gap_list.html", context, fragment="kit/list_fragment.html")


def _requested_project(request: AuthenticatedRequest, projects: Sequence[Project]) -> Project | None:
    """Return the project of the address, one of the user's; None when it names none, Http404 for another one.

    `projects` are those of the listed courses: they take no query.
    """
    slug = request.GET.get("project", "")
    if not slug:
        return None
    project = next((listed for listed in projects if listed.slug == slug), None)
    if project is None:
        project = Project.objects.filter(slug=slug, pk__in=request.user.project_ids()).first()
    if project is None:
        raise Http404
    return project


def _choices(by_choice: Mapping[str, Sequence[CourseGap]], project: Project | None) -> list[Choice]:
    """Return the choices with their addresses, which keep the project."""
    labels = {"": _("All"), "behind": _("So far"), "ahead": _("Coming two weeks")}
    chosen_project = {"project": project.slug} if project is not None else {}
    return [
        Choice(key, labels[key], f"?{urlencode(chosen_project | ({'when': key} if key else {}))}", len(gaps))
        for key, gaps in by_choice.items()
    ]


def _empty(gaps: list[CourseGap], project: Project | None) -> Empty:
    """Return the text of an empty list: the choice matches nothing, or no day is empty."""
    if gaps:
        url = reverse("cases:gaps") + (f"?project={project.slug}" if project is not None else "")
        return Empty(_("No gap matches the choice."), url, _("Show all"))
    return Empty(
        _("Every working day is filled, so far and two weeks ahead."),
        reverse("cases:courses"),
        _("To the courses"),
    )
