"""The sections of a course's history: phases, functions, what was corrected, and who opened it."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.course_pages import CoursePage
from cases.extension_points import CourseOnDay, CourseSection
from cases.models import CaseCorrection, ColleagueOpening, Course
from cases.presentation import earlier, team
from cases.presentation.case_corrections import correction_lines
from cases.rules import phases

OPENINGS_SHOWN = 20


def _function_history(view: CourseOnDay) -> dict[str, Any]:
    return {"functions": team.functions(view.course, view.on)}


def _phases(view: CourseOnDay) -> dict[str, Any]:
    return {
        "sniffed_weeks": phases.sniffing_days(view.course.transitions, view.on) // 7,
        "sniffing_weeks": view.terms.sniffing_weeks,
        "window_end": view.course.follow_up_until,
    }


def _earlier(view: CourseOnDay) -> dict[str, Any]:
    return {"earlier_lines": earlier.lines(view)}


def _corrections(view: CourseOnDay) -> dict[str, Any] | None:
    """Return the corrections of the citizen's referral and of the course's end, the latest first."""
    corrections = list(view.course.referral.corrections.all())
    return {"corrections": correction_lines(corrections)} if corrections else None


def _openings(view: CourseOnDay) -> dict[str, Any] | None:
    """Return who opened the course without holding a function, and why; one query."""
    openings: list[ColleagueOpening] = list(view.course.openings.select_related("user")[:OPENINGS_SHOWN])
    return {"openings": openings} if openings else None


def _assigns(user: User, course: Course) -> bool:
    return user.has_perm("cases.assign_function", course)


def _sees_log_or_ends(user: User, course: Course) -> bool:
    return user.has_perm("cases.see_access_log", course) or user.has_perm("cases.end_course", course)


SECTIONS = (
    CourseSection("phases", _("Phases"), "cases/_dates.html", CoursePage.HISTORY, order=10, context=_phases),
    CourseSection(
        "function-history",
        _("Functions"),
        "cases/_function_history.html",
        CoursePage.HISTORY,
        order=20,
        context=_function_history,
    ),
    CourseSection(
        "earlier",
        _("Ended and earlier"),
        "cases/_earlier.html",
        CoursePage.HISTORY,
        order=30,
        context=_earlier,
    ),
    CourseSection(
        "corrections",
        _("Corrections"),
        "cases/_correction_lines.html",
        CoursePage.HISTORY,
        order=40,
        context=_corrections,
        prefetch=(Prefetch("referral__corrections", CaseCorrection.objects.select_related("made_by")),),
    ),
    CourseSection(
        "openings",
        _("Opened by colleagues"),
        "cases/_openings.html",
        CoursePage.HISTORY,
        order=80,
        context=_openings,
        may=_assigns,
    ),
    CourseSection(
        "access-and-end",
        _("Access and ending"),
        "cases/_access_and_end.html",
        CoursePage.HISTORY,
        order=90,
        may=_sees_log_or_ends,
    ),
)
