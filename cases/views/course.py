"""The course page: everything about one course, in at most twenty queries."""

import datetime
import uuid
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from cases import extension_points
from cases.access import get_course_or_404
from cases.models import (
    ColleagueOpening,
    Course,
    FollowUpMeeting,
    FunctionHolding,
    JobGoal,
    MentorContact,
)
from cases.policy import held_functions
from cases.presentation import course_page as parts
from cases.presentation.pauses import (
    fetched_pauses,
    pause_lines,
    pause_words,
    running_pause,
    with_pauses,
)
from cases.presentation.phases import PHASE_WORDS
from cases.rules import phases
from jobfirst import clock
from jobfirst.kit.pages import render_page

CONTACTS_SHOWN = 8

# The buttons of the page, and the permission that each needs.
PERMISSIONS = {
    "assign": "cases.assign_function",
    "work": "cases.work_on_course",
    "contact": "cases.register_contact",
    "meetings": "cases.manage_meetings",
    "needs": "cases.manage_needs",
    "end": "cases.end_course",
    "placements": "cases.manage_placements",
    "plans": "cases.manage_plans",
    "activities": "cases.manage_activities",
    "log": "cases.see_access_log",
}


@require_safe
def course_page(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a course: phases, people, goals, follow-up, support, and the sections of higher apps."""
    today = clock.today()
    course = get_course_or_404(request, public_id, "course", "cases.view_course", _with_everything(today))
    terms = TrialTerms.objects.in_force_or_first(today)
    may = {name: request.user.has_perm(perm, course) for name, perm in PERMISSIONS.items()}
    contacts = list(course.contacts.all())
    functions = parts.functions(course, today)
    pauses = fetched_pauses(course)
    pause = running_pause(pauses, today)
    context: dict[str, Any] = {
        "course": course,
        "on": today,
        "may": may,
        "running": course.ended_on is None,
        "phase": PHASE_WORDS[phases.phase_on(course.transitions, today)],
        "sniffed_weeks": phases.sniffing_days(course.transitions, today) // 7,
        "functions": functions,
        "notes": parts.unread_notes(functions, held_functions(request.user, course), today, terms),
        "unfilled": [entry.function.label for entry in functions if entry.holder is None],
        "cpr": f"{course.citizen.cpr[:6]}-{course.citizen.cpr[6:]}" if may["work"] else "",
        "goals": list(course.job_goals.all()),
        "attempts_in_row": parts.attempts_in_row(contacts, today),
        "contacts": contacts[:CONTACTS_SHOWN],
        "contacts_more": contacts[CONTACTS_SHOWN:],
        "openings": _openings(course) if may["assign"] else [],
        **parts.follow_up(course, today, terms),
        "pauses": pause_lines(pauses, today),
        "pause_words": pause_words(pause) if pause is not None else "",
        **parts.picture(course, today, terms, pauses),
    }
    course_on_day = extension_points.CourseOnDay(course, today, terms, pauses)
    page = {**context, "csrf_token": get_token(request)}
    context["sections"] = [
        _rendered(section, course_on_day, page)
        for section in extension_points.sections()
        if section.may(request.user, course)
    ]
    return render_page(request, "cases/course.html", context)


def _with_everything(on: datetime.date) -> QuerySet[Course]:
    """Return courses with all rows that the page shows prefetched, the sections' rows included."""
    holdings = FunctionHolding.objects.with_stand_in(on).select_related("user", "handover_note__written_by")
    return (
        with_pauses(Course.objects.select_related("municipality"))
        .prefetch_related(
            Prefetch("holdings", holdings.order_by("-from_on")),
            Prefetch("job_goals", JobGoal.objects.select_related("set_by")),
            Prefetch("contacts", MentorContact.objects.select_related("registered_by")),
            Prefetch("meetings", FollowUpMeeting.objects.with_attendees()),
            "needs",
            "efforts",
            "accommodations",
        )
        .prefetch_related(*[lookup for section in extension_points.sections() for lookup in section.prefetch])
    )


def _openings(course: Course) -> list[ColleagueOpening]:
    """Return who opened the course without holding a function, and why (shown to the leader)."""
    return list(course.openings.select_related("user")[:20])


def _rendered(
    section: extension_points.CourseSection, course_on_day: extension_points.CourseOnDay, page: dict[str, Any]
) -> dict[str, Any]:
    """Return a section and its HTML, rendered with the page's context and its own.

    Rendered without the request: otherwise every section would run the context processors again.
    """
    html = render_to_string(section.template, {**page, **section.context(course_on_day)})
    return {"section": section, "html": html}
