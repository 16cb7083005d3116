"""What is new since the last Monday: a measure for each kind of event, so that each number opens its list."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.rules.weekly_contact import week_of
from evaluation.measures.values import Figure, Measure, Source, Unit, Window
from grants.models import StatementState
from jobfirst.values.dates import WEEK

# Each from the first day of the window to the day itself, which is not over yet.
NEW = "BETWEEN %(news_first)s AND %(on)s"

REFERRED = """
SELECT referral.project_id AS project, course.id AS course, referral.referred_on AS day,
    TRUE AS counts, NULL::numeric AS amount, referral.state AS note, referral.id AS referral
FROM cases_referral referral LEFT JOIN cases_course course ON course.referral_id = referral.id
WHERE referral.project_id = ANY(%(projects)s) AND referral.referred_on {new}
"""
DRAWN = """
SELECT allocation.project_id AS project, course.id AS course, allocation.allocated_on AS day,
    TRUE AS counts, NULL::numeric AS amount, allocation.arm AS note, allocation.referral_id AS referral
FROM randomization_allocation allocation
LEFT JOIN cases_course course ON course.referral_id = allocation.referral_id
WHERE allocation.project_id = ANY(%(projects)s) AND allocation.allocated_on {new}
"""
MATCHED = """
SELECT course.project_id AS project, course.id AS course, matched.matched_on AS day,
    TRUE AS counts, NULL::numeric AS amount, '' AS note
FROM companies_match matched JOIN cases_course course ON course.id = matched.course_id
WHERE course.project_id = ANY(%(projects)s) AND matched.matched_on {new}
"""
BEGUN = """
SELECT course.project_id AS project, course.id AS course, placement.starts_on AS day,
    TRUE AS counts, NULL::numeric AS amount, placement.kind AS note
FROM companies_placement placement JOIN cases_course course ON course.id = placement.course_id
WHERE course.project_id = ANY(%(projects)s) AND placement.withdrawn_at IS NULL AND placement.starts_on {new}
"""
# The last day, or the planned one where no other is recorded; one that is renewed goes on.
ENDED = """
SELECT course.project_id AS project, course.id AS course,
    COALESCE(placement.ended_on, placement.planned_end_on) AS day,
    TRUE AS counts, NULL::numeric AS amount, placement.kind AS note
FROM companies_placement placement JOIN cases_course course ON course.id = placement.course_id
WHERE course.project_id = ANY(%(projects)s) AND placement.withdrawn_at IS NULL
    AND COALESCE(placement.ended_on, placement.planned_end_on) {new}
    AND NOT EXISTS (SELECT FROM companies_placement renewal
        WHERE renewal.renews_id = placement.id AND renewal.withdrawn_at IS NULL)
"""
HELD = """
SELECT course.project_id AS project, course.id AS course,
    COALESCE(meeting.corrected_on, meeting.held_on) AS day,
    TRUE AS counts, NULL::numeric AS amount, '' AS note
FROM cases_followupmeeting meeting JOIN cases_course course ON course.id = meeting.course_id
WHERE course.project_id = ANY(%(projects)s) AND meeting.state = 'held' AND NOT meeting.citizen_was_absent
    AND COALESCE(meeting.corrected_on, meeting.held_on) {new}
"""
PROMISED = """
SELECT course.project_id AS project, course.id AS course, decision.due_on AS day,
    TRUE AS counts, NULL::numeric AS amount, decision.function AS note
FROM cases_meetingdecision decision
JOIN cases_followupmeeting meeting ON meeting.id = decision.meeting_id
JOIN cases_course course ON course.id = decision.course_id
WHERE course.project_id = ANY(%(projects)s) AND decision.withdrawn_at IS NULL
    AND meeting.state = 'held' AND NOT meeting.was_not_held
    AND COALESCE(meeting.corrected_on, meeting.held_on) {new}
"""
COURSE_ENDED = """
SELECT course.project_id AS project, course.id AS course, course.ended_on AS day,
    TRUE AS counts, NULL::numeric AS amount, course.end_reason AS note
FROM cases_course course
WHERE course.project_id = ANY(%(projects)s) AND course.ended_on {new}
"""
EARNED = """
SELECT event.project_id AS project, event.course_id AS course, event.earned_on AS day,
    TRUE AS counts, event.amount AS amount, event.kind AS note
FROM grants_earnedevent event
WHERE event.project_id = ANY(%(projects)s) AND event.settled_on {new}
"""
# The latest submission of each project, when it was sent back; the note is its public id and its cut-off.
RETURNED_SQL = """
SELECT newest.project_id AS project, NULL::bigint AS course, newest.cut_off AS day,
    TRUE AS counts, NULL::numeric AS amount, newest.public_id || ' ' || newest.cut_off AS note
FROM (
    SELECT DISTINCT ON (project_id) * FROM grants_statement
    WHERE project_id = ANY(%(projects)s) AND state <> %(state_preparing)s
    ORDER BY project_id, submitted_at DESC, id DESC
) newest
WHERE newest.state = %(state_returned)s
"""


def last_monday(on: datetime.date) -> datetime.date:
    """Return the last Monday before the day: on a Monday that of the week before."""
    monday = week_of(on).monday
    return monday - WEEK if monday == on else monday


def _source(sql: str, has_referral: bool, window: Window) -> Source:
    return Source(sql.format(new=NEW), {"news_first": window.first}, has_referral)


def _news(code: str, label: str | Promise, sql: str, *, has_referral: bool = False) -> Measure:
    source: Callable[[Window], Source] = partial(_source, sql, has_referral)
    return Measure(
        code=code,
        label=label,
        definition=_("What has happened since the last Monday, today included."),
        numerator=_("Those of the days shown"),
        denominator=_("The same"),
        unit=Unit.COUNT,
        source=source,
    )


NEWS = (
    _news("new_referral", _("New referrals"), REFERRED, has_referral=True),
    _news("new_draw", _("Draws"), DRAWN, has_referral=True),
    _news("new_match", _("Matches"), MATCHED),
    _news("new_placement", _("Placements begun"), BEGUN),
    _news("new_placement_end", _("Placements over"), ENDED),
    _news("new_meeting", _("Meetings held"), HELD),
    _news("new_promise", _("Promises in the minutes"), PROMISED),
    _news("new_course_end", _("Courses ended"), COURSE_ENDED),
    _news("new_earned", _("Parts of the grant earned"), EARNED),
)


def _returned(window: Window) -> Source:
    states = {
        "state_preparing": StatementState.PREPARING.value,
        "state_returned": StatementState.RETURNED.value,
    }
    return Source(RETURNED_SQL, states)


#: The statement that came back: a warning of the page, not a figure.
RETURNED = Measure(
    code="returned_statement",
    label=_("Statement sent back"),
    definition=_("The project's latest statement, when it was sent back."),
    numerator=_("The same"),
    denominator=_("The same"),
    unit=Unit.COUNT,
    source=_returned,
    counts_are_good=False,
)


class ReturnedStatement(NamedTuple):
    """A statement that was sent back: its public id and its cut-off."""

    public_id: str
    cut_off: datetime.date

    @classmethod
    def from_figure(cls, figure: Figure) -> ReturnedStatement | None:
        """Return the statement that the figure of RETURNED names, if there is one."""
        for note in figure.by_note:
            public_id, cut_off = note.split()
            return cls(public_id, datetime.date.fromisoformat(cut_off))
        return None
