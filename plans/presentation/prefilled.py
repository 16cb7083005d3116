"""What a first plan for job starts from: what the course knows already (D21)."""

import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import Course, MeetingState
from cases.presentation.meeting_page import closed_topics
from companies.models import Placement, PlacementKind


def known_of_plan(course: Course, on: datetime.date) -> dict[str, Any]:
    """Return the initial values of a first plan: the first day of the continued effort, the job goal, the
    workplace with its ordinary hours, and the summary of the last meeting held."""
    known: dict[str, Any] = {"starts_on": course.continued_from}
    goal = course.job_goals.first()
    words = [goal.functions, goal.workplaces] if goal else []
    known["job_goal"] = "\n".join(word for word in words if word)
    placement = _last_placement(course, on)
    if placement is not None:
        known["workplace"] = placement.company.name
        known["ordinary_hours"] = placement.hours_on(on).ordinary
    known["last_meeting"] = _last_summary(course)
    return known


def _last_placement(course: Course, on: datetime.date) -> Placement | None:
    """Return the placement begun last by the day, without sniffing internships."""
    begun = course.placements.filter(starts_on__lte=on).exclude(kind=PlacementKind.SNIFFING)
    placement: Placement | None = begun.select_related("company").last()
    return placement


def _last_summary(course: Course) -> str:
    """Return the summary of the last meeting held and its minutes as corrected, with its day."""
    held = course.meetings.filter(state=MeetingState.HELD).order_by("held_on", "pk").last()
    if held is None or held.held_on is None:
        return ""
    minutes = [f"{topic.title}: {topic.current_text}" for topic in closed_topics(held) if topic.current_text]
    summary = "\n".join(text for text in (held.summary, *minutes) if text)
    if not summary:
        return ""
    day = date_format(held.held_on, "j. F Y")
    return _("Meeting on %(day)s: %(summary)s") % {"day": day, "summary": summary}
