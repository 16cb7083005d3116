"""The extension point of randomization: what follows when something is learnt of an allocation.

An app calls `listen_to_events` in `AppConfig.ready()`. The draw has none: a course begins without placements.
"""

from collections.abc import Callable, Collection

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
