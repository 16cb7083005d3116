"""The sections of a course's pages that `cases` itself adds."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import extension_points
from cases.course_pages import CoursePage
from cases.extension_points import CourseOnDay, CourseSection
from cases.models import (
    Course,
    FollowUpMeeting,
    JobGoal,
    MeetingDecision,
    MentorContact,
)
from cases.policy import held_functions
from cases.presentation import earlier, elements, history_sections, team
from cases.presentation.corrections import with_corrections
from cases.presentation.course_timeline import picture
from cases.presentation.cv import cv_parts
from cases.presentation.deadlines import next_deadlines, unsettled_deadlines
from cases.presentation.meeting_page import decision_lines
from cases.presentation.pauses import pause_lines
from cases.presentation.phases import PHASE_WORDS
from cases.presentation.profile import profile_subjects
from cases.presentation.start import met_name, start_lines
from cases.presentation.support import SUPPORT_ROWS, standing, support_rows, withdrawn
from cases.rules import phases
from cases.rules.next_phase import missing, next_phase
from jobfirst.values.dates import EARLIEST

DEADLINES_SHOWN = 3
CONTACTS_SHOWN = 8


def _handover_notes(view: CourseOnDay) -> dict[str, Any] | None:
    """Return the hand-over notes that the user, a new holder, has not read."""
    functions = team.functions(view.course, view.on)
    notes = team.unread_notes(functions, held_functions(view.user, view.course), view.on, view.terms)
    return {"notes": notes} if notes else None


def _deadlines(view: CourseOnDay) -> dict[str, Any] | None:
    """Return the next deadlines and the further ones that are due already; one query."""
    if not view.is_running:
        return None
    rows = unsettled_deadlines([view.course], view.on)[view.course.pk]
    lines = next_deadlines(rows, view.on, DEADLINES_SHOWN)
    return {"deadlines": lines.first, "deadlines_more": lines.more}


def _citizen(view: CourseOnDay) -> dict[str, Any]:
    cpr = view.course.citizen.cpr
    return {"cpr": f"{cpr[:6]}-{cpr[6:]}", "contact": getattr(view.course, "citizen_contact", None)}


def _next_phase(view: CourseOnDay) -> dict[str, Any] | None:
    """Return what the next phase still needs, with the page that mends it for who may."""
    course = view.course
    phase = phases.phase_on(course.transitions, view.on)
    following = next_phase(phase)
    if following is None:
        return None
    # Those of the sniffing period stand on the checklist of the start.
    requirements = [
        entry for entry in extension_points.requirements() if entry.phase != phases.Phase.SNIFFING
    ]
    met = {entry.key for entry in requirements if getattr(course, met_name(entry.key))}
    lines = [
        {"label": entry.label, "url": entry.url(course) if view.user.has_perm(entry.perm, course) else ""}
        for entry in missing(phase, requirements, met)
    ]
    return {"next_phase": PHASE_WORDS[following], "missing": lines}


def _start(view: CourseOnDay) -> dict[str, Any] | None:
    """Return what is missing of the course's start, as long as something is."""
    lines = start_lines(view.course, view.user)
    missing_lines = [line for line in lines if not line.is_done]
    if not view.is_running or not missing_lines:
        return None
    return {
        "start_missing": missing_lines,
        "start_done": len(lines) - len(missing_lines),
        "start_all": len(lines),
    }


def _team(view: CourseOnDay) -> dict[str, Any]:
    functions = team.functions(view.course, view.on)
    return {
        "cards": team.cards(functions),
        "unfilled": [entry.function.label for entry in functions if entry.holder is None],
    }


def _timeline(view: CourseOnDay) -> dict[str, Any]:
    return picture(view.course, view.on, view.terms, view.pauses)


def _goals(view: CourseOnDay) -> dict[str, Any]:
    profile = profile_subjects(view.course.profile_texts.all())
    return {
        "goals": list(view.course.job_goals.all()),
        "profile": profile,
        "has_profile": any(subject.text for subject in profile),
    }


def _cv(view: CourseOnDay) -> dict[str, Any]:
    """Return what the CV has in each part, and when it was last changed and seen through."""
    cv = getattr(view.course, "cv", None)
    reviews = list(view.course.cv_reviews.all())
    return {
        "cv_lines": [part for part in cv_parts(view.course.cv_entries.all()) if part.lines],
        "cv_changed_on": cv.changed_on if cv else None,
        "cv_seen_on": reviews[0].seen_on if reviews else None,
    }


def _meetings(view: CourseOnDay) -> dict[str, Any]:
    """Return the meetings, and when the next one is due; one query."""
    rows = unsettled_deadlines([view.course], view.on, "meeting_overdue")[view.course.pk]
    return {
        "meetings": list(view.course.meetings.all()),
        "meeting_due": min((row.due_on for row in rows), default=None),
    }


def _promises(view: CourseOnDay) -> dict[str, Any]:
    """Return the open promises of the meetings, the first due first."""
    promises = list(view.course.decisions.all())
    with_corrections(promises)
    return {"promises": decision_lines(promises, view.course, view.on)}


def _contacts(view: CourseOnDay) -> dict[str, Any]:
    """Return the contacts, those withdrawn as entered in error apart, with their corrections; one query."""
    everything = list(view.course.all_contacts)  # type: ignore[attr-defined]  # fetched by the section
    with_corrections(everything)
    contacts = [contact for contact in everything if not contact.is_withdrawn]
    return {
        "contacts": contacts[:CONTACTS_SHOWN],
        "contacts_more": contacts[CONTACTS_SHOWN:],
        "contacts_withdrawn": [contact for contact in everything if contact.is_withdrawn],
        "attempts_in_row": _attempts_in_row(contacts, view.on),
    }


def _attempts_in_row(contacts: Iterable[MentorContact], on: datetime.date) -> int:
    """Return how many attempts have failed since the last contact with the citizen, up to the day (D49)."""
    reached = [contact.held_on for contact in contacts if contact.citizen_present and contact.held_on <= on]
    last = max(reached, default=EARLIEST)
    return sum(not contact.citizen_present and last < contact.held_on <= on for contact in contacts)


def _support(view: CourseOnDay) -> dict[str, Any]:
    """Return needs, efforts and accommodations, those entered in error apart, with their corrections; one
    query."""
    rows = support_rows(view.course)
    with_corrections([*rows.needs, *rows.efforts, *rows.accommodations])
    return {
        "needs": standing(rows.needs),
        "efforts": standing(rows.efforts),
        "accommodations": standing(rows.accommodations),
        "needs_withdrawn": withdrawn(rows.needs),
        "efforts_withdrawn": withdrawn(rows.efforts),
        "accommodations_withdrawn": withdrawn(rows.accommodations),
    }


def _pauses(view: CourseOnDay) -> dict[str, Any]:
    return {"pauses": pause_lines(view.pauses, view.on)}


def _sees_citizen_contact(user: User, course: Course) -> bool:
    return user.has_perm("cases.see_citizen_contact", course)


OVERVIEW = (
    CourseSection(
        "handover-notes",
        _("To be read"),
        "cases/_handover_notes.html",
        CoursePage.OVERVIEW,
        order=10,
        context=_handover_notes,
    ),
    CourseSection(
        "start",
        _("Start of the course"),
        "cases/_start.html",
        CoursePage.OVERVIEW,
        order=15,
        context=_start,
    ),
    CourseSection(
        "deadlines",
        _("Next deadlines"),
        "cases/_deadlines.html",
        CoursePage.OVERVIEW,
        order=20,
        context=_deadlines,
        wide=False,
    ),
    CourseSection(
        "next-phase",
        _("Missing for the next phase"),
        "cases/_next_phase.html",
        CoursePage.OVERVIEW,
        order=30,
        context=_next_phase,
        wide=False,
    ),
    CourseSection(
        "core-elements",
        _("The nine core elements"),
        "cases/_elements.html",
        CoursePage.OVERVIEW,
        order=70,
        context=elements.panel,
    ),
    CourseSection(
        "citizen",
        _("Citizen"),
        "cases/_citizen.html",
        CoursePage.OVERVIEW,
        order=40,
        context=_citizen,
        may=_sees_citizen_contact,
        wide=False,
    ),
    CourseSection(
        "functions",
        _("Team"),
        "cases/_team.html",
        CoursePage.OVERVIEW,
        order=50,
        context=_team,
        wide=False,
    ),
    CourseSection(
        "timeline",
        _("Timeline"),
        "cases/_timeline.html",
        CoursePage.OVERVIEW,
        order=60,
        context=_timeline,
    ),
)
OPEN_PROMISES = MeetingDecision.objects.still_open().select_related("meeting", "promised_by")
SUBJECTS = (
    CourseSection(
        "goals",
        _("Profile and job goals"),
        "cases/_goals.html",
        CoursePage.PLAN,
        order=40,
        context=_goals,
        prefetch=(Prefetch("job_goals", JobGoal.objects.select_related("set_by")), "profile_texts"),
        earlier=earlier.job_goals,
    ),
    CourseSection(
        "cv",
        _("CV"),
        "cases/_cv.html",
        CoursePage.PLAN,
        order=45,
        context=_cv,
        prefetch=("cv", "cv_entries", "cv_reviews"),
    ),
    CourseSection(
        "meetings",
        _("Meetings"),
        "cases/_meetings.html",
        CoursePage.MEETINGS,
        order=10,
        context=_meetings,
        prefetch=(
            Prefetch("meetings", FollowUpMeeting.objects.with_attendees().prefetch_related("messages")),
        ),
    ),
    CourseSection(
        "promises",
        _("Promises of the meetings"),
        "cases/_promises.html",
        CoursePage.MEETINGS,
        order=15,
        context=_promises,
        prefetch=(Prefetch("decisions", OPEN_PROMISES),),
    ),
    CourseSection(
        "contacts",
        _("Mentor contacts"),
        "cases/_contacts.html",
        CoursePage.MEETINGS,
        order=20,
        context=_contacts,
        prefetch=(
            Prefetch(
                "contacts",
                MentorContact.everything.select_related("registered_by", "withdrawn_by"),
                to_attr="all_contacts",
            ),
        ),
    ),
    CourseSection(
        "support",
        _("Support and needs"),
        "cases/_support.html",
        CoursePage.SUPPORT,
        order=10,
        context=_support,
        prefetch=SUPPORT_ROWS,
        earlier=earlier.support,
    ),
    CourseSection(
        "pauses",
        _("Pauses"),
        "cases/_pauses.html",
        CoursePage.SUPPORT,
        order=20,
        context=_pauses,
        earlier=earlier.pauses,
    ),
)
SECTIONS = (*OVERVIEW, *SUBJECTS, *history_sections.SECTIONS)
