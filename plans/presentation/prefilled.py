"""The initial values of a first plan for job, from what is stored of the course (D21)."""

import datetime
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from cases.models import Course
from cases.presentation.meeting_page import closed_topics
from companies.models import Placement, PlacementKind
from jobfirst.kit.days import LONG_DATE, written_day


def initial_values_of_plan(course: Course, on: datetime.date) -> dict[str, Any]:
    """Return the initial values of a first plan: the first day of the continued effort, the job goal, the
    workplace with its ordinary hours, and what was written down at the last meeting held."""
    initial: dict[str, Any] = {"starts_on": course.continued_from}
    goal = course.job_goals.first()
    words = [goal.functions, goal.workplaces] if goal else []
    initial["job_goal"] = "\n".join(word for word in words if word)
    placement = _last_placement(course, on)
    if placement is not None:
        initial["workplace"] = placement.company.name
        initial["ordinary_hours"] = placement.hours_on(on).ordinary
    initial["last_meeting"] = _last_minutes(course)
    return initial


def _last_placement(course: Course, on: datetime.date) -> Placement | None:
    """Return the placement begun last by the day, without sniffing internships."""
    begun = course.placements.filter(starts_on__lte=on).exclude(kind=PlacementKind.SNIFFING)
    placement: Placement | None = begun.select_related("company").last()
    return placement


def _last_minutes(course: Course) -> str:
    """Return the summary and the closed minutes of the last meeting held, with its day; empty without any."""
    counting = course.meetings.counting().annotate(day=Coalesce("corrected_on", "held_on"))
    held = counting.order_by("day", "pk").last()
    if held is None:
        return ""
    texts = [held.summary] if held.summary else []
    texts += [f"{topic.title}: {topic.current_text}" for topic in closed_topics(held) if topic.current_text]
    if not texts:
        return ""
    day = written_day(held.day, LONG_DATE)
    return _("Meeting on %(day)s: %(summary)s") % {"day": day, "summary": "\n".join(texts)}
