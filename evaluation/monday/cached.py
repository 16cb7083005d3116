"""The Monday page without its list, drawn once for as long as nothing has changed.

Whatever changes a figure moves the position of the facts (`evaluation.summaries.facts`) or the deadlines of
the project, so what is read from the cache is what counting again would give.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.models import Project
from evaluation.monday.news import ReturnedStatement
from evaluation.monday.overdue import ConcernSums
from evaluation.summaries import facts

#: Changed when the blocks are drawn in another way.
VERSION = 4
#: What is stored anew at night leaves no trace in the history, so the blocks are not kept for long.
CACHED_SECONDS = 15 * 60


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
    more = (facts.STARTED, DEADLINES.format(project=project.pk), STORED)
    position = facts.position(*more)
    if position is None:  # somebody is writing: what is drawn may be without it
        return draw()
    parts = (VERSION, project.slug, project.target_count, on.isoformat(), get_language(), *choices, position)
    key = "monday:" + ":".join(str(part) for part in parts)
    blocks: DrawnBlocks | None = cache.get(key)
    if blocks is None:
        blocks = draw()
        cache.set(key, blocks, CACHED_SECONDS)
    return blocks
