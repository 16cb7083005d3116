"""The course page: everything of one course, in at most twenty queries whatever it holds."""

import datetime
import uuid
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import TrialTerms
from cases import extension_points
from cases.access import get_course_or_404
from cases.models import (
    ColleagueOpening,
    Course,
    CourseFunction,
    FollowUpMeeting,
    FunctionHolding,
    JobGoal,
    MeetingState,
    MentorContact,
)
from cases.presentation import timeline
from cases.rules import monthly_meeting, phases, weekly_contact
from cases.rules.gaps import gaps
from cases.tables.courses import PHASE_WORDS
from jobfirst import clock
from jobfirst.dates import DAY, DateSpan
from jobfirst.kit.pages import render_page

CONTACTS_SHOWN = 8
GAPS_AHEAD = 14 * DAY

# What the page offers, and the permission that decides it.
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
def course_page(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One course with its phases, people, goals, follow-up, support, and what the floors above add."""
    today = clock.today()
    course = get_course_or_404(request, public_id, "course", "cases.view_course", _with_everything())
    terms = TrialTerms.objects.in_force(today)
    may = {name: request.user.has_perm(perm, course) for name, perm in PERMISSIONS.items()}
    contacts = list(course.contacts.all())
    functions = _functions(course, today)
    context: dict[str, Any] = {
        "course": course,
        "on": today,
        "may": may,
        "running": course.ended_on is None,
        "phase": PHASE_WORDS[phases.phase_on(course.transitions, today)],
        "sniffed_weeks": phases.sniffing_days(course.transitions, today) // 7,
        "functions": functions,
        "unfilled": [item["function"].label for item in functions if item["holder"] is None],
        "cpr": f"{course.citizen.cpr[:6]}-{course.citizen.cpr[6:]}" if may["work"] else "",
        "goals": list(course.job_goals.all()),
        "contacts": contacts[:CONTACTS_SHOWN],
        "contacts_more": contacts[CONTACTS_SHOWN:],
        "openings": _openings(course) if may["assign"] else [],
        **_follow_up(course, contacts, today, terms),
        **_picture(course, today),
    }
    shown = extension_points.CourseOnDay(course, today, terms)
    page = {**context, "csrf_token": get_token(request)}
    context["sections"] = [
        _rendered(section, shown, page)
        for section in extension_points.sections()
        if section.may(request.user, course)
    ]
    return render_page(request, "cases/course.html", context)


def _with_everything() -> Any:
    """Courses with all that the page shows, the sections' rows included."""
    return (
        Course.objects.select_related("municipality")
        .prefetch_related(
            Prefetch("holdings", FunctionHolding.objects.select_related("user").order_by("-from_on")),
            Prefetch("job_goals", JobGoal.objects.select_related("set_by")),
            Prefetch("contacts", MentorContact.objects.select_related("registered_by")),
            Prefetch("meetings", FollowUpMeeting.objects.prefetch_related("attendees")),
            "needs",
            "efforts",
            "accommodations",
        )
        .prefetch_related(*[lookup for section in extension_points.sections() for lookup in section.prefetch])
    )


def _functions(course: Course, on: datetime.date) -> list[dict[str, Any]]:
    """The four functions: who holds each on the day, and who has held it or will (D8)."""
    found = []
    for function in CourseFunction:
        holdings = [holding for holding in course.holdings.all() if holding.function == function]
        now = [holding for holding in holdings if on in holding.span]
        found.append(
            {
                "function": function,
                "holder": now[0] if now else None,
                "others": [holding for holding in holdings if holding not in now],
            }
        )
    return found


def _follow_up(
    course: Course, contacts: list[MentorContact], on: datetime.date, terms: TrialTerms
) -> dict[str, Any]:
    """What the follow-up owes the citizen on the day (D17, D18)."""
    days = [contact.held_on for contact in contacts if contact.citizen_present]
    meetings = list(course.meetings.all())
    held = [meeting.held_on for meeting in meetings if meeting.held_on is not None]
    return {
        "window_end": course.follow_up_until,
        "week_due": weekly_contact.week_due(course.follow_up, days, on=on),
        "missed_since": weekly_contact.first_missed_since_last_contact(course.follow_up, days, on=on),
        "meetings": meetings,
        "booked": [meeting for meeting in meetings if meeting.state == MeetingState.BOOKED],
        "meeting_due": monthly_meeting.next_meeting_due(
            course.follow_up, held, interval_days=terms.meeting_interval_days
        ),
        "sniffing_weeks": terms.sniffing_weeks,
    }


def _openings(course: Course) -> list[ColleagueOpening]:
    """Who opened the course without holding a function, and why (seen by the leader)."""
    return list(course.openings.select_related("user")[:20])


def _picture(course: Course, on: datetime.date) -> dict[str, Any]:
    """The timeline, and the gaps behind and two weeks ahead (D22)."""
    bars = extension_points.bars_of(course)
    last = on + GAPS_AHEAD if course.ended_on is None else course.ended_on - DAY
    course_gaps = gaps([bar.span for bar in bars], within=DateSpan(course.started_on, last))
    spans = phases.spans(course.transitions)
    picture = timeline.draw(
        spans,
        bars,
        course_gaps,
        names={str(phase): str(words) for phase, words in PHASE_WORDS.items()},
        today=on,
        started_on=course.started_on,
        gap_label=_("Nothing planned"),
    )
    return {
        "picture": picture,
        "spans": [(PHASE_WORDS[phase.phase], phase.span) for phase in spans],
        "bars": bars,
        "gaps": course_gaps,
        "gap_days": sum(gap.working_days for gap in course_gaps if gap.span.first <= on),
        # What lies behind is counted; what is warned of begins today at the earliest.
        "gaps_ahead": [
            DateSpan(max(gap.span.first, on), gap.span.last)
            for gap in course_gaps
            if gap.span.overlaps(DateSpan(on + DAY))
        ],
    }


def _rendered(
    section: extension_points.CourseSection, shown: extension_points.CourseOnDay, page: dict[str, Any]
) -> dict[str, Any]:
    """Return a section and its HTML, rendered with the page's context and its own.

    Without the request: the context processors are for the frame, and would run once a section.
    """
    html = render_to_string(section.template, {**page, **section.context(shown)})
    return {"section": section, "html": html}
