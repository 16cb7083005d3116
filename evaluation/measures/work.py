"""The placements that run on a day by kind, the courses by phase, and the participants drawn."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from cases.rules.phases import Phase
from evaluation.measures.values import Source, Window
from randomization.models import Arm

PLACEMENTS_SQL = """
SELECT course.project_id AS project, course.id AS course, placement.starts_on AS day,
    TRUE AS counts, NULL::numeric AS amount, placement.kind AS note
FROM companies_placement placement JOIN cases_course course ON course.id = placement.course_id
WHERE course.project_id = ANY(%(projects)s) AND placement.withdrawn_at IS NULL
    AND placement.starts_on <= %(on)s
    AND (COALESCE(placement.ended_on, placement.planned_end_on) IS NULL
        OR COALESCE(placement.ended_on, placement.planned_end_on) >= %(on)s)
"""

# As cases.rules.phases: each transition has one day, the first of the new phase.
PHASES_SQL = """
SELECT course.project_id AS project, course.id AS course, phase_day.day AS day,
    (course.ended_on IS NULL OR course.ended_on > phase_day.day) AS counts, NULL::numeric AS amount,
    CASE WHEN course.ended_on <= phase_day.day THEN %(phase_ended)s
        WHEN course.continued_from <= phase_day.day THEN %(phase_continued)s
        WHEN course.internship_from <= phase_day.day THEN %(phase_internship)s
        ELSE %(phase_sniffing)s END AS note
FROM unnest(%({days})s::date[]) AS phase_day(day)
JOIN cases_course course ON course.project_id = ANY(%(projects)s) AND course.started_on <= phase_day.day
"""

DRAWN_SQL = """
SELECT allocation.project_id AS project, course.id AS course, allocation.allocated_on AS day,
    allocation.arm = %(arm_participant)s AS counts, NULL::numeric AS amount, allocation.arm AS note,
    allocation.referral_id AS referral
FROM randomization_allocation allocation
LEFT JOIN cases_course course ON course.referral_id = allocation.referral_id
WHERE allocation.project_id = ANY(%(projects)s) AND allocation.allocated_on <= %(on)s
"""

REFERRALS_SQL = """
SELECT referral.project_id AS project, course.id AS course, referral.referred_on AS day,
    referral.state = 'accepted' AND allocation.id IS NULL AS counts, NULL::numeric AS amount,
    CASE WHEN referral.state = 'accepted' AND allocation.id IS NULL THEN 'waiting'
        ELSE referral.state END AS note,
    referral.id AS referral
FROM cases_referral referral
LEFT JOIN randomization_allocation allocation ON allocation.referral_id = referral.id
    AND allocation.allocated_on <= %(on)s
LEFT JOIN cases_course course ON course.referral_id = referral.id
WHERE referral.project_id = ANY(%(projects)s) AND referral.referred_on <= %(on)s
"""


def placements(window: Window) -> Source:
    """Return the placements that run on the day; all count, the note is their kind."""
    return Source(PLACEMENTS_SQL)


def phases(window: Window) -> Source:
    """Return the courses that have begun by the day; those that run count, the note is the phase (D12)."""
    return _phases("phase_day", [window.on])


def phases_on(days: Sequence[datetime.date]) -> Source:
    """Return the same on each of several days, for a trend."""
    return _phases("phase_days", days)


def _phases(name: str, days: Sequence[datetime.date]) -> Source:
    names = {f"phase_{phase}": phase.value for phase in Phase}
    return Source(PHASES_SQL.format(days=name), {name: list(days), **names})


def referrals(window: Window) -> Source:
    """Return the referrals by the day; those that wait for the draw count, the note is their answer (D1)."""
    return Source(REFERRALS_SQL, has_referral=True)


def drawn(window: Window) -> Source:
    """Return the citizens drawn by the day; participants count, the note is the arm (D3)."""
    return Source(DRAWN_SQL, {"arm_participant": Arm.PARTICIPANT.value}, has_referral=True)
