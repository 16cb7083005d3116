"""Whether the steering groups meet (D33): the quarters of a project that are over, and those with a meeting.

It is about no course, so it stands apart from the measures of the leader's page.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from evaluation.measures.values import Measure, Source, Unit, Window

# A quarter is the project's when it lies wholly within its days (evaluation.rules.steering_quarters). A
# corrected day counts, and a meeting that was not held after all does not (D41).
SQL = """
SELECT project.id AS project, NULL::bigint AS course, (quarter.begun + interval '3 months')::date - 1 AS day,
    EXISTS (
        SELECT FROM evaluation_steeringmeeting meeting
        WHERE meeting.project_id = project.id AND meeting.state = 'held' AND NOT meeting.was_not_held
            AND COALESCE(meeting.corrected_on, meeting.held_on) >= quarter.begun::date
            AND COALESCE(meeting.corrected_on, meeting.held_on) < (quarter.begun + interval '3 months')::date
    ) AS counts,
    NULL::numeric AS amount, '' AS note
FROM accounts_project project
CROSS JOIN LATERAL generate_series(
    date_trunc('quarter', project.starts_on - interval '1 day') + interval '3 months',
    LEAST(project.ends_on, %(on)s::date - 1) + interval '1 day' - interval '3 months',
    interval '3 months'
) AS quarter(begun)
WHERE project.id = ANY(%(projects)s)
    AND (quarter.begun + interval '3 months')::date - 1 <= LEAST(project.ends_on, %(on)s::date - 1)
"""


def quarters_met(window: Window) -> Source:
    """Return the whole quarters of the projects that are over; those with a meeting of the group count."""
    return Source(SQL)


QUARTERS_MET = Measure(
    code="steering_quarters",
    label=_("Quarters in which the steering group met"),
    definition=_(
        "The share of the project's whole quarters until now in which the steering group met (D33)."
    ),
    numerator=_("Quarters with a meeting that was held"),
    denominator=_("Whole quarters of the project that are over"),
    unit=Unit.SHARE,
    source=quarters_met,
)
