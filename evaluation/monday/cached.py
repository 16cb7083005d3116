"""The blocks of the Monday page, drawn once for as long as nothing has changed.

Whatever changes a figure moves the position of the facts (`evaluation.summaries.facts`), so what is read from
the cache is what counting again would give.
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
from evaluation.summaries import facts

#: Changed when the blocks are drawn in another way.
VERSION = 2
#: What is stored anew at night leaves no trace in the history, so the blocks are not kept for long.
CACHED_SECONDS = 15 * 60


@dataclass(frozen=True)
class DrawnBlocks:
    """The blocks as HTML, and the statement that was sent back, if one was."""

    html: SafeString
    returned: ReturnedStatement | None


def drawn_blocks(
    project: Project, on: datetime.date, choices: tuple[object, ...], draw: Callable[[], DrawnBlocks]
) -> DrawnBlocks:
    """Return the blocks of the project on the day: from the cache, or drawn. One query beside those of
    drawing. `choices` is what else the blocks depend on."""
    position = facts.position(facts.STARTED)
    parts = (VERSION, project.slug, project.target_count, on.isoformat(), get_language(), *choices, position)
    key = "monday:" + ":".join(str(part) for part in parts)
    blocks: DrawnBlocks | None = cache.get(key)
    if blocks is None:
        blocks = draw()
        cache.set(key, blocks, CACHED_SECONDS)
    return blocks
