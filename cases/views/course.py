"""The pages of a course: a short overview, and a page for each subject (`cases.course_pages`)."""

import datetime
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from accounts.models import TrialTerms, User
from accounts.requests import AuthenticatedRequest
from cases import extension_points
from cases.access import get_course_or_404
from cases.course_pages import CoursePage, page_url
from cases.extension_points import CourseOnDay, CourseSection, PhaseRequirement
from cases.models import Course, FunctionHolding
from cases.presentation.pauses import fetched_pauses, pause_words, running_pause, with_pauses
from cases.presentation.phases import PHASE_WORDS
from cases.presentation.start import met_name
from cases.rules import phases
from jobfirst import clock
from jobfirst.kit.pages import render_page
from reminders.fact_cache import facts_read_once

# The permissions that the templates of the sections ask for, by their short names.
PERMISSIONS = {
    "assign": "cases.assign_function",
    "work": "cases.work_on_course",
    "contact": "cases.register_contact",
    "correct_contact": "cases.correct_contact",
    "meetings": "cases.manage_meetings",
    "needs": "cases.manage_needs",
    "end": "cases.end_course",
    "reopen": "cases.reopen_course",
    "placements": "cases.manage_placements",
    "plans": "cases.manage_plans",
    "activities": "cases.manage_activities",
    "log": "cases.see_access_log",
    "see_citizen_contact": "cases.see_citizen_contact",
    "see_address": "cases.see_address",
    "citizen_contact": "cases.manage_citizen_contact",
    "correct_name": "cases.correct_referral",
    "replace_number": "cases.replace_number",
}


class CoursePermissions(Mapping[str, bool]):
    """A user's permissions on a course by their short names, each checked when it is first asked for."""

    def __init__(self, user: User, course: Course) -> None:
        self.user = user
        self.course = course
        self._checked: dict[str, bool] = {}

    def __getitem__(self, name: str) -> bool:
        if name not in self._checked:
            self._checked[name] = self.user.has_perm(PERMISSIONS[name], self.course)
        return self._checked[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PERMISSIONS)

    def __len__(self) -> int:
        return len(PERMISSIONS)


@dataclass(frozen=True)
class ShownSection:
    """A section of the page with the context of its template."""

    section: CourseSection
    context: dict[str, Any]


@dataclass(frozen=True)
class PageLink:
    """A page in the navigation of the course."""

    key: str
    title: str | Promise
    url: str
    is_current: bool


@require_safe
def course_page(
    request: AuthenticatedRequest, public_id: uuid.UUID, page: CoursePage = CoursePage.OVERVIEW
) -> HttpResponse:
    """Show a page of a course: its heading, the links to the other pages, and the sections of the page."""
    today = clock.today()
    sections = extension_points.sections(page)
    if not sections:
        raise Http404  # no app has anything to show on it
    requirements = extension_points.requirements() if page is CoursePage.OVERVIEW else []
    courses = _with_rows(page, today, _lookups(page, sections), tuple(requirements))
    course = get_course_or_404(request, public_id, page.action, "cases.view_course", courses)
    pages = _pages_for(request.user, course)
    pauses = fetched_pauses(course)
    may = CoursePermissions(request.user, course)
    terms = TrialTerms.objects.in_force_or_first(today)
    view = CourseOnDay(course, today, terms, pauses, request.user, may)
    with facts_read_once():
        shown_sections = [
            ShownSection(section, section_context)
            for section in sections
            if section.may(request.user, course) and (section_context := section.context(view)) is not None
        ]
    context = {
        "course": course,
        "page": page,
        "on": today,
        "may": may,
        "running": view.is_running,
        "pages": [PageLink(p.name.lower(), p.label, page_url(public_id, p), p is page) for p in pages],
        "sections": shown_sections,
        **_heading(view),
    }
    return render_page(request, "cases/course.html", context)


def _heading(view: CourseOnDay) -> dict[str, Any]:
    """Return what the heading of each page says: the phase, the day of the course, and a running pause."""
    course = view.course
    pause = running_pause(view.pauses, view.on)
    return {
        "phase": PHASE_WORDS[phases.phase_on(course.transitions, view.on)],
        "day_number": (view.on - course.started_on).days + 1,
        "pause_words": pause_words(pause) if pause is not None else "",
    }


def _pages_for(user: User, course: Course) -> list[CoursePage]:
    """Return the pages that have a section which the user sees."""
    return [
        page
        for page in CoursePage
        if any(section.may(user, course) for section in extension_points.sections(page))
    ]


def _lookups(page: CoursePage, sections: Iterable[CourseSection]) -> tuple["str | Prefetch[Any]", ...]:
    """Return the rows to fetch for the page's sections; for the history, of all that tell what is over."""
    if page is CoursePage.HISTORY:
        sections = [*sections, *(section for section in extension_points.sections() if section.earlier)]
    return tuple(lookup for section in sections for lookup in section.prefetch)


@lru_cache(maxsize=32)
def _with_rows(
    page: CoursePage,
    on: datetime.date,
    lookups: tuple["str | Prefetch[Any]", ...],
    requirements: tuple[PhaseRequirement, ...],
) -> QuerySet[Course]:
    """Return courses with the rows that the page's sections show, and the answers that the overview needs.

    Nothing is fetched here: the query is kept because making it takes longer than fetching a course with it.
    """
    holdings = FunctionHolding.objects.with_stand_in(on).select_related("user", "handover_note__written_by")
    courses = with_pauses(Course.objects.select_related("municipality", "citizen_contact"))
    if page is CoursePage.OVERVIEW:
        answers = {met_name(requirement.key): requirement.is_met for requirement in requirements}
        courses = extension_points.with_bars(courses).annotate(**answers)
    return courses.prefetch_related(Prefetch("holdings", holdings.order_by("-from_on")), *lookups)
