"""The monthly meetings (D18): held by the day on which they were due; and the month's review (D35)."""

from __future__ import annotations

from cases.deadlines.meeting_overdue import KIND
from evaluation.measures.answered import answered_between
from evaluation.measures.terms import term_on
from evaluation.measures.values import Source, Window

# From the start, and from every meeting held, one waits for the next (cases.rules.monthly_meeting):
# `day` to `next_day`, on which it was held. The interval is that of the terms in force when the wait begins.
STEPS = f"""
    SELECT wait.*, wait.day + {term_on("wait.day", "meeting_interval_days")} AS due_on
    FROM (
        SELECT days.*, LEAD(day) OVER (PARTITION BY id ORDER BY day, is_start DESC) AS next_day
        FROM (
            SELECT id, project_id, retention_until, ended_on, started_on AS day, TRUE AS is_start
            FROM cases_course WHERE project_id = ANY(%(projects)s)
            UNION ALL
            SELECT course.id, course.project_id, course.retention_until, course.ended_on,
                COALESCE(meeting.corrected_on, meeting.held_on), FALSE
            FROM cases_course course JOIN cases_followupmeeting meeting ON meeting.course_id = course.id
            WHERE course.project_id = ANY(%(projects)s)
                AND meeting.state = 'held' AND NOT meeting.citizen_was_absent
                AND COALESCE(meeting.corrected_on, meeting.held_on) >= course.started_on
                AND COALESCE(meeting.corrected_on, meeting.held_on) < %(on)s
        ) days
    ) wait
    WHERE next_day IS NULL OR next_day > day
"""  # noqa: S608  # names of the code  # nosec B608 - our own names

MEETINGS_SQL = """
SELECT step.project_id AS project, step.id AS course, step.due_on AS day,
    step.next_day IS NOT NULL AND step.next_day <= step.due_on AS counts,
    NULL::numeric AS amount, '' AS note
FROM ({steps}) step
WHERE step.due_on >= %(first)s AND step.due_on < %(on)s
    AND (step.retention_until IS NULL OR step.due_on <= step.retention_until)
    AND (step.ended_on IS NULL OR step.due_on < step.ended_on)
    AND (step.next_day <= step.due_on OR NOT EXISTS (
        SELECT FROM cases_coursepause pause
        WHERE pause.course_id = step.id AND %(meeting_kind)s = ANY(pause.suspended)
            AND pause.starts_on <= step.due_on AND (pause.ends_on IS NULL OR pause.ends_on >= step.due_on)
    ))
"""

# The review belongs to the next meeting, held or booked, or else to the day on which one is due
# (progression.rules.answers_due).
ANSWERED = answered_between(
    "review.id",
    "CASE WHEN review.is_start THEN review.day ELSE review.day + 1 END",
    "COALESCE(review.next_day, %(on)s)",
)
REVIEWS_SQL = """
SELECT review.project_id AS project, review.id AS course, review.review_on AS day,
    {answered} AS counts,
    NULL::numeric AS amount, '' AS note
FROM (
    SELECT step.*, COALESCE(LEAST(step.next_day, (
        SELECT MIN((meeting.planned_at AT TIME ZONE 'Europe/Copenhagen')::date)
        FROM cases_followupmeeting meeting
        WHERE meeting.course_id = step.id AND meeting.state = 'booked'
            AND (meeting.planned_at AT TIME ZONE 'Europe/Copenhagen')::date
                >= CASE WHEN step.is_start THEN step.day ELSE step.day + 1 END
            AND (step.retention_until IS NULL
                OR (meeting.planned_at AT TIME ZONE 'Europe/Copenhagen')::date <= step.retention_until)
    )), step.due_on) AS review_on
    FROM ({steps}) step
) review
WHERE review.review_on >= %(first)s AND review.review_on < %(on)s
    AND (review.retention_until IS NULL OR review.review_on <= review.retention_until)
    AND (review.ended_on IS NULL OR review.review_on < review.ended_on)
"""


def monthly_meetings(window: Window) -> Source:
    """Return the meetings that were due within the window; those held by their day count."""
    return Source(MEETINGS_SQL.format(steps=STEPS), {"meeting_kind": KIND.code})


def reviews(window: Window) -> Source:
    """Return the reviews that were due within the window; those with answers of citizen or mentor count."""
    return Source(REVIEWS_SQL.format(answered=ANSWERED, steps=STEPS))
