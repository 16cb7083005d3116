"""The measures that follow from a course's own days, its core elements and what it has earned."""

from __future__ import annotations

from cases.elements.names import ELEMENT_NAMES
from evaluation.measures.terms import term_on
from evaluation.measures.values import Source, Window
from grants.models import GrantEventKindChoices
from grants.reckoning.compute import default_cut_off
from plans.deadlines.plan_for_job_due import KIND as PLAN_DUE

# A course that has begun and ended without the completion of its 13 weeks has dropped out; the note is why.
DROP_OUT_SQL = """
SELECT course.project_id AS project, course.id AS course, course.ended_on AS day,
    COALESCE(course.ended_on <= %(on)s, FALSE) AND NOT EXISTS (
        SELECT FROM grants_earnedevent event WHERE event.course_id = course.id
            AND event.kind = 'completion' AND event.earned_on <= %(on)s
    ) AS counts,
    NULL::numeric AS amount,
    CASE WHEN course.ended_on <= %(on)s THEN course.end_reason ELSE '' END AS note
FROM cases_course course
WHERE course.project_id = ANY(%(projects)s) AND course.started_on <= %(on)s
"""

# Of those whose start lies so far back that the weeks may be over.
COMPLETED_SQL = f"""
SELECT course.project_id AS project, course.id AS course,
    COALESCE(completion.earned_on, start.earned_on) AS day,
    completion.id IS NOT NULL AS counts, NULL::numeric AS amount, '' AS note
FROM cases_course course
JOIN grants_earnedevent start ON start.course_id = course.id AND start.kind = %(start_kind)s
LEFT JOIN grants_earnedevent completion ON completion.course_id = course.id
    AND completion.kind = %(completion_kind)s AND completion.earned_on <= %(on)s
WHERE course.project_id = ANY(%(projects)s) AND start.earned_on <= %(on)s::date - (
    {term_on("start.earned_on", "completion_days", table="grants_grantterms")} - 1
)
"""  # noqa: S608  # names of the code  # nosec B608 - our own names

ELEMENTS_SQL = """
SELECT course.project_id AS project, course.id AS course, course.started_on AS day,
    (
        SELECT COUNT(*) FROM cases_courseelement element
        WHERE element.course_id = course.id AND element.state = 'met' AND element.from_on <= %(on)s
            AND (element.until_on IS NULL OR element.until_on >= %(on)s)
    ) = %(element_number)s AS counts,
    NULL::numeric AS amount, '' AS note
FROM cases_course course
WHERE course.project_id = ANY(%(projects)s) AND course.started_on <= %(on)s
"""

ELEMENTS_MET_SQL = """
SELECT course.project_id AS project, course.id AS course, element.from_on AS day,
    TRUE AS counts, NULL::numeric AS amount, element.element::text AS note
FROM cases_courseelement element JOIN cases_course course ON course.id = element.course_id
WHERE course.project_id = ANY(%(projects)s) AND element.state = 'met' AND element.from_on <= %(on)s
    AND (element.until_on IS NULL OR element.until_on >= %(on)s)
"""

PLANS_SQL = """
SELECT deadline.project_id AS project, course.id AS course, deadline.due_on AS day,
    TRUE AS counts, NULL::numeric AS amount, '' AS note
FROM reminders_deadline deadline JOIN cases_course course ON course.public_id::text = deadline.subject
WHERE deadline.project_id = ANY(%(projects)s) AND deadline.kind = %(plan_kind)s
    AND deadline.shown_from <= %(on)s AND (deadline.shown_to IS NULL OR deadline.shown_to >= %(on)s)
"""

EARNED_SQL = """
SELECT event.project_id AS project, event.course_id AS course, event.earned_on AS day,
    TRUE AS counts, event.amount AS amount, event.kind AS note
FROM grants_earnedevent event
WHERE event.project_id = ANY(%(projects)s) AND event.settled_on <= %(on)s
"""

# The placements count to their planned end, so what is earned later is known already if none breaks off.
EXPECTED_SQL = """
SELECT event.project_id AS project, event.course_id AS course, event.earned_on AS day,
    event.settled_on > %(on)s AS counts, event.amount AS amount, event.kind AS note
FROM grants_earnedevent event
WHERE event.project_id = ANY(%(projects)s) AND event.settled_on <= %(year_end)s
"""


def drop_outs(window: Window) -> Source:
    """Return the courses that have begun; those that ended without 13 weeks count."""
    return Source(DROP_OUT_SQL)


def completions(window: Window) -> Source:
    """Return the courses that may have completed their 13 weeks by now; those that have count (D28)."""
    return Source(
        COMPLETED_SQL,
        {
            "start_kind": GrantEventKindChoices.START.value,
            "completion_kind": GrantEventKindChoices.COMPLETION.value,
        },
    )


def all_elements(window: Window) -> Source:
    """Return the courses that have begun; those that meet all nine core elements on the day count (D7)."""
    return Source(ELEMENTS_SQL, {"element_number": len(ELEMENT_NAMES)})


def elements_met(window: Window) -> Source:
    """Return the core elements met on the day, a row for each course and element; the note is its number."""
    return Source(ELEMENTS_MET_SQL)


def plans_due(window: Window) -> Source:
    """Return the plans for job that are due or overdue on the day (D21), as the deadlines say."""
    return Source(PLANS_SQL, {"plan_kind": PLAN_DUE.code})


def earned(window: Window) -> Source:
    """Return the parts of the grant that a statement of the day has (D28); the amount is in kroner."""
    return Source(EARNED_SQL)


def expected(window: Window) -> Source:
    """Return the parts of the grant that a statement of the year's end has, if no placement breaks off; those
    that are still ahead count, the amount is in kroner (`grants.reckoning.forecast`)."""
    return Source(EXPECTED_SQL, {"year_end": default_cut_off(window.on.year)})
