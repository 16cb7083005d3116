"""Whether a project's enrolment keeps up with the time it has (D3, D33)."""

from datetime import date, timedelta


def expected(target: int, *, first: date, last: date, on: date) -> int:
    """How many of `target` participants an even pace from `first` to `last` has enrolled by the end of `on`,
    rounded down."""
    if on < first:
        return 0
    return target * (min(on, last) - first).days // max((last - first).days, 1)


def is_behind(enrolled: int, target: int, *, first: date, last: date, on: date, slack_percent: int) -> bool:
    """Whether more than the slack (a share of the target) is missing from the even pace."""
    missing = expected(target, first=first, last=last, on=on) - enrolled
    return missing * 100 > target * slack_percent


def forecast(enrolled: int, *, first: date, last: date, on: date) -> int:
    """How many will be enrolled on `last` if the pace from `first` to `on` goes on, rounded down."""
    if on >= last or on <= first:
        return enrolled
    return enrolled * (last - first).days // (on - first).days


def reached_on(enrolled: int, wanted: int, *, first: date, on: date) -> date | None:
    """The day on which `wanted` are enrolled if the pace from `first` to `on` goes on; None when they are
    already, or at no pace at all."""
    if enrolled >= wanted or enrolled == 0 or on <= first:
        return None
    days = -(-(wanted * (on - first).days) // enrolled)
    try:
        return first + timedelta(days=days)
    except OverflowError:
        return None
