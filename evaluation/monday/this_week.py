"""The meetings of the week and their reviews (D18, D35)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cases.rules.weekly_contact import week_of
from evaluation.measures.answered import answered_between
from evaluation.measures.values import Measure, Source, Unit, Window

# A meeting's review is answered after the meeting before it, or from the start on.
FIRST_DAY_OF_ANSWERS = """COALESCE((
    SELECT MAX(COALESCE(earlier.corrected_on, earlier.held_on)) + 1
    FROM cases_followupmeeting earlier
    WHERE earlier.course_id = week.course AND earlier.state = 'held' AND NOT earlier.citizen_was_absent
        AND COALESCE(earlier.corrected_on, earlier.held_on) < week.day
), week.started_on)"""
SQL = f"""
SELECT week.project, week.course, week.day,
    {answered_between("week.course", FIRST_DAY_OF_ANSWERS, "week.day")} AS counts,
    NULL::numeric AS amount, week.state AS note
FROM (
    SELECT course.project_id AS project, course.id AS course, course.started_on, meeting.state,
        COALESCE(meeting.corrected_on, meeting.held_on,
            (meeting.planned_at AT TIME ZONE 'Europe/Copenhagen')::date) AS day
    FROM cases_followupmeeting meeting JOIN cases_course course ON course.id = meeting.course_id
    WHERE course.project_id = ANY(%(projects)s)
        AND meeting.state IN ('booked', 'held') AND NOT meeting.citizen_was_absent
) week
WHERE week.day BETWEEN %(week_monday)s AND %(week_sunday)s
"""  # noqa: S608  # names of the code  # nosec B608 - our own names


def meetings_this_week(window: Window) -> Source:
    """Return the meetings booked or held in the week of the day; those whose review is answered count."""
    week = week_of(window.on)
    return Source(SQL, {"week_monday": week.monday, "week_sunday": week.sunday})


THIS_WEEK = Measure(
    code="week_meeting",
    label=_("Meetings this week"),
    definition=_(
        "The follow-up meetings booked or held this week, and whether the month's review is answered."
    ),
    numerator=_("Meetings whose review citizen or mentor has answered"),
    denominator=_("Meetings booked or held from Monday to Sunday"),
    unit=Unit.COUNT,
    source=meetings_this_week,
)
