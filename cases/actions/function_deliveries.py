"""Rows of functions that a file delivers again after a person has replaced the holder (D42)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from cases.actions.functions import Assignment
from cases.models import FunctionHolding
from cases.rules.deliveries import DELIVERED


class HoldingKey(NamedTuple):
    """A function of a course from a day on."""

    course: int
    function: str
    from_on: date


@dataclass
class Replacement:
    """Who held a function from a day on before a person gave it to somebody else; users by id."""

    holder: int
    earlier: set[int] = field(default_factory=set)


class DeliveredFunctions(NamedTuple):
    """The rows of a file (by their place) that a person has overtaken.

    Those `repeated` were delivered before and change nothing; those `contradicted` name a third person.
    """

    repeated: set[int]
    contradicted: set[int]


def delivered_functions(assignments: Sequence[Assignment]) -> DeliveredFunctions:
    """Return which rows must not undo what a person has done since (D42)."""
    replacements = _replaced_by_persons({assignment.course.pk for assignment in assignments})
    result = DeliveredFunctions(set(), set())
    for place, assignment in enumerate(assignments):
        key = HoldingKey(assignment.course.pk, assignment.function, assignment.from_on)
        replacement = replacements.get(key)
        if replacement is None or replacement.holder == assignment.user.pk:
            continue
        is_repeated = assignment.user.pk in replacement.earlier
        (result.repeated if is_repeated else result.contradicted).add(place)
    return result


def _replaced_by_persons(courses: set[int]) -> dict[HoldingKey, Replacement]:
    """Return the functions whose holder a person replaced on the day on which the holding began.

    A later day makes a holding of its own, and the earlier one stays; only on the same day is it replaced.
    """
    events = FunctionHolding.events.rel.related_model._default_manager  # type: ignore[attr-defined]
    rows = events.filter(course_id__in=courses, pgh_label="update").order_by("pgh_id")
    changed = set(rows.values_list("pgh_obj_id", flat=True))
    if not changed:
        return {}
    replacements: dict[HoldingKey, Replacement] = {}
    holders: dict[HoldingKey, Replacement] = {}
    for event in events.filter(pgh_obj_id__in=changed).select_related("pgh_context").order_by("pgh_id"):
        key = HoldingKey(event.course_id, event.function, event.from_on)
        known = holders.setdefault(key, Replacement(event.user_id))
        if event.user_id == known.holder:
            continue
        known.earlier.add(known.holder)
        known.holder = event.user_id
        if _is_persons(event):
            replacements[key] = known
        else:
            replacements.pop(key, None)
    return replacements


def _is_persons(event: Any) -> bool:
    """Whether a person changed the row on a page: a command has no user, and a file has its reason."""
    context = event.pgh_context.metadata if event.pgh_context_id else {}
    return context.get("user") is not None and context.get("reason") != DELIVERED
