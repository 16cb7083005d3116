"""Parts of pages that are drawn once for as long as nothing has changed.

Whatever changes a figure moves the position of the facts (`evaluation.summaries.facts`), so what is read from
the cache is what counting again would give.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.core.cache import cache
from django.utils.translation import get_language

from evaluation.summaries import facts

Part = TypeVar("Part")
#: What is stored anew at night leaves no trace in the history, so a part is not kept for long.
CACHED_SECONDS = 15 * 60
#: The newest of what was published to the agency, which only grows.
PUBLISHED = "SELECT 'published', MAX(id) FROM evaluation_publication"


def drawn_once(
    name: str, depends_on: Sequence[object], draw: Callable[[], Part], *, more: Sequence[str] = ()
) -> Part:
    """Return the part of a page: from the cache, or drawn. One query beside those of drawing.

    `name` has a number that changes when the part is drawn in another way. `depends_on` is what the part
    depends on besides the facts and the language: the day, whose it is, what was chosen. `more` are further
    SELECTs of a name and a number, of what has no history.
    """
    position = facts.position(facts.STARTED, *more)
    if position is None:  # somebody is writing: what is drawn may be without it
        return draw()
    key = hashlib.sha256(repr((get_language(), *depends_on, position)).encode()).hexdigest()
    part: Part | None = cache.get(f"{name}:{key}")
    if part is None:
        part = draw()
        cache.set(f"{name}:{key}", part, CACHED_SECONDS)
    return part
