"""The weekly contact kept (D17): the weeks that owed a contact, and those that had one."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from cases.deadlines.weekly_contact_overdue import KIND
from cases.rules.weekly_contact import Week, week_of, weeks_from
from evaluation.measures.terms import term_on
from evaluation.measures.values import Source, Window
from jobfirst.values.dates import WEEK

# A week owes a contact when its Monday lies between the start and the end of the retention window, the course
# runs on its Sunday, and no pauses cover the days on which the contact is asked for (cases.rules.pauses).
# Pauses never overlap, so the days of several add up.
SQL = f"""
SELECT owed.project AS project, owed.course AS course, owed.monday + 6 AS day,
    EXISTS (
        SELECT FROM cases_mentorcontact contact
        WHERE contact.course_id = owed.course AND contact.citizen_present AND contact.withdrawn_at IS NULL
            AND contact.held_on BETWEEN owed.monday AND owed.monday + 6
    ) AS counts,
    NULL::numeric AS amount, '' AS note
FROM (
    SELECT course.project_id AS project, course.id AS course, week.monday, week.weekday
    FROM cases_course course
    JOIN (
        SELECT monday, {term_on("monday + 6", "contact_weekday")} AS weekday
        FROM unnest(%(contact_mondays)s::date[]) AS monday
    ) week ON week.monday >= course.started_on
        AND (course.retention_until IS NULL OR week.monday <= course.retention_until)
        AND (course.ended_on IS NULL OR course.ended_on > week.monday + 6)
    WHERE course.project_id = ANY(%(projects)s)
) owed
WHERE COALESCE((
    SELECT SUM(
        LEAST(COALESCE(pause.ends_on, owed.monday + 6), owed.monday + 6)
        - GREATEST(pause.starts_on, owed.monday + owed.weekday - 1) + 1
    )
    FROM cases_coursepause pause
    WHERE pause.course_id = owed.course AND %(contact_kind)s = ANY(pause.suspended)
        AND pause.starts_on <= owed.monday + 6
        AND (pause.ends_on IS NULL OR pause.ends_on >= owed.monday + owed.weekday - 1)
), 0) < 8 - owed.weekday
"""  # noqa: S608  # names of the code  # nosec B608 - our own names


def weekly_contacts(window: Window) -> Source:
    """Return the weeks that owed a contact and ended within the window; those with a contact count."""
    mondays = [week.monday for week in weeks_within(window)]
    return Source(SQL, {"contact_mondays": mondays, "contact_kind": KIND.code})


def weeks_within(window: Window) -> Iterator[Week]:
    """Yield the weeks whose Sunday lies in the window, before its last day."""
    for week in weeks_from(week_of(window.first)):
        if week.sunday >= window.on:
            return
        yield week


def first_day_of_weeks(number: int, on: datetime.date) -> datetime.date:
    """Return the Monday with which the last so many whole weeks before the day begin."""
    return week_of(on).monday - number * WEEK
