"""The extension point of companies: what follows when placements change.

An app calls `listen_to_placements` in `AppConfig.ready()`.
"""

from collections.abc import Callable, Collection

#: Told of courses (by id) whose placements changed, under the courses' locks, in the same transaction.
PlacementListener = Callable[[Collection[int]], object]

_placement_listeners: list[PlacementListener] = []


def listen_to_placements(listener: PlacementListener) -> None:
    """Let something follow when placements are made, withdrawn, or get other days."""
    if listener not in _placement_listeners:
        _placement_listeners.append(listener)


def placements_changed(courses: Collection[int]) -> None:
    """Tell the listeners that placements of these courses changed."""
    for listener in _placement_listeners if courses else []:
        listener(courses)
