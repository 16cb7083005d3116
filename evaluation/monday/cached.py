"""The Monday page without its list, drawn once for as long as nothing has changed.

It is drawn anew when the facts change, the deadlines of the project, or the months of its charts.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from accounts.models import Project
from evaluation.monday.news import ReturnedStatement
from evaluation.monday.overdue import ConcernSums
from evaluation.summaries.drawn_parts import drawn_once

#: The deadlines of a project: another number when one comes, goes or is due on another day.
DEADLINES = """
SELECT 'deadlines', SUM(hashtextextended(concat_ws(' ', id, due_on, shown_to), 0)::numeric)
FROM reminders_deadline WHERE project_id = {project}
"""
#: The months of the charts, and whether a file waits to be counted in them.
STORED = """
SELECT 'stored', EXTRACT(EPOCH FROM MAX(made_at)) + (SELECT COUNT(*) FROM evaluation_refreshorder)
FROM evaluation_reckoning
"""


@dataclass(frozen=True)
class DrawnBlocks:
    """The blocks as HTML, the sums of the concerns, and the statement that was sent back, if one was."""

    html: SafeString
    concerns: ConcernSums
    returned: ReturnedStatement | None


def drawn_blocks(
    project: Project, on: datetime.date, choices: tuple[object, ...], draw: Callable[[], DrawnBlocks]
) -> DrawnBlocks:
    """Return the blocks of the project on the day: from the cache, or drawn. One query beside those of
    drawing. `choices` is what else the blocks depend on."""
    depends_on = (project.slug, project.target_count, on, *choices)
    return drawn_once("monday-6", depends_on, draw, more=[DEADLINES.format(project=project.pk), STORED])
