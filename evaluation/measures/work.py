"""The placements that run on a day by kind, the courses by phase, and the participants drawn."""

from __future__ import annotations

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
SELECT course.project_id AS project, course.id AS course, course.started_on AS day,
    (course.ended_on IS NULL OR course.ended_on > phase_day.day) AS counts, NULL::numeric AS amount,
    CASE WHEN course.ended_on <= phase_day.day THEN %(phase_ended)s
        WHEN course.continued_from <= phase_day.day THEN %(phase_continued)s
        WHEN course.internship_from <= phase_day.day THEN %(phase_internship)s
        ELSE %(phase_sniffing)s END AS note
FROM (SELECT %(on)s::date AS day) phase_day
JOIN cases_course course ON course.project_id = ANY(%(projects)s) AND course.started_on <= phase_day.day
"""

DRAWN_SQL = """
SELECT allocation.project_id AS project, course.id AS course, allocation.allocated_on AS day,
    allocation.arm = %(arm_participant)s AS counts, NULL::numeric AS amount, allocation.arm AS note
FROM randomization_allocation allocation
LEFT JOIN cases_course course ON course.referral_id = allocation.referral_id
WHERE allocation.project_id = ANY(%(projects)s) AND allocation.allocated_on <= %(on)s
"""


def placements(window: Window) -> Source:
    """Return the placements that run on the day; all count, the note is their kind."""
    return Source(PLACEMENTS_SQL)


def phases(window: Window) -> Source:
    """Return the courses that have begun by the day; those that run count, the note is the phase (D12)."""
    return Source(PHASES_SQL, {f"phase_{phase}": phase.value for phase in Phase})


def drawn(window: Window) -> Source:
    """Return the citizens drawn by the day; participants count, the note is the arm (D3)."""
    return Source(DRAWN_SQL, {"arm_participant": Arm.PARTICIPANT.value})
