"""Template filters of the trial's numbers: rounded numbers of citizens, and the sign of a negative one."""

from collections.abc import Iterable

from django import template

from evaluation.outcomes.arms import ArmOutcomes
from evaluation.presentation.rounded import AT_LEAST, AT_MOST, rounded_text

register = template.Library()


@register.filter
def minus(written: object) -> str:
    """Return a written number with a minus sign in place of the hyphen."""
    return str(written).replace("-", "\u2212", 1)


@register.filter
def at_most(number: int | None) -> str:
    """Return the number as an upper bound; a dash when it is withheld."""
    return rounded_text(number, AT_MOST)


@register.filter
def at_least(number: int | None) -> str:
    """Return the number as a lower bound; a dash when it is withheld."""
    return rounded_text(number, AT_LEAST)


@register.filter
def bounded(number: int | None, bound: str) -> str:
    """Return the number as its bound says; nothing when there is none."""
    return rounded_text(number, bound, missing="")


@register.filter
def has_withheld(rows: Iterable[tuple[str, ArmOutcomes]]) -> bool:
    """Return whether the hours of an arm, or the share with any, are not shown."""
    return any(arm.mean_hours is None or arm.percent_any is None for _name, arm in rows)
