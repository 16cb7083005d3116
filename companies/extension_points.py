"""The extension points of companies: what follows when placements change, and what moves with a company.

An app calls `listen_to_placements` and `move_with_companies` in `AppConfig.ready()`.
"""

from collections.abc import Callable, Collection

from django.db.models import Model

#: Told of courses (by id) whose placements changed, under the courses' locks, in the same transaction.
PlacementListener = Callable[[Collection[int]], object]

_placement_listeners: list[PlacementListener] = []
_moving_rows: list[type[Model]] = []


def listen_to_placements(listener: PlacementListener) -> None:
    """Let something follow when placements are made, withdrawn, or get other days."""
    if listener not in _placement_listeners:
        _placement_listeners.append(listener)


def placements_changed(courses: Collection[int]) -> None:
    """Tell the listeners that placements of these courses changed."""
    for listener in _placement_listeners if courses else []:
        listener(courses)


def move_with_companies(*models: type[Model]) -> None:
    """Let rows of courses that name a company move when two records of it are put together.

    A model has keys named `course` and `company`; one named `workplace` moves as well, and of one named
    `placement` the company stays that of the placement.
    """
    for model in models:
        if model not in _moving_rows:
            _moving_rows.append(model)


def moving_rows() -> tuple[type[Model], ...]:
    """Return the models of other apps whose rows move with a company."""
    return tuple(_moving_rows)
