"""The extension points of randomization, called in `AppConfig.ready()`.

`listen_to_events`: what follows when something is learnt of an allocation. The draw has none: a course begins
without placements. `add_draw_section`: what a higher app shows on the page of a citizen's draw.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from randomization.models import Allocation

#: Told of the courses (by id) of an event's citizen, under the courses' locks, in the same transaction.
EventListener = Callable[[Collection[int]], object]

_event_listeners: list[EventListener] = []


def listen_to_events(listener: EventListener) -> None:
    """Let something follow when an allocation event is recorded."""
    if listener not in _event_listeners:
        _event_listeners.append(listener)


def event_recorded(courses: Collection[int]) -> None:
    """Tell the listeners that an event of the citizen of these courses was recorded."""
    for listener in _event_listeners if courses else []:
        listener(courses)


@dataclass(frozen=True)
class DrawSection:
    """A section of the page of a citizen's draw.

    `context` returns what the template reads as `section`, or None when the user does not see the section.
    """

    key: str
    template: str
    context: Callable[[User, Allocation], dict[str, Any] | None]


_draw_sections: dict[str, DrawSection] = {}


def add_draw_section(section: DrawSection) -> None:
    """Add a section to the page of a citizen's draw, after those that are there."""
    _draw_sections[section.key] = section


def draw_sections(user: User, allocation: Allocation) -> list[tuple[str, dict[str, Any]]]:
    """Return the template and the context of each section that the user sees."""
    sections = [(section.template, section.context(user, allocation)) for section in _draw_sections.values()]
    return [(template, context) for template, context in sections if context is not None]
