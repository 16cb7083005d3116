"""Whether a project's enrolment keeps up with the time it has (D3, D33)."""

from datetime import date


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
