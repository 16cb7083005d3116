"""Whether a project's enrolment keeps up with the time it has (D3, D33)."""

from datetime import date

from jobfirst.values.dates import DAY, DateSpan


def expected_enrolment(target: int, *, span: DateSpan, on: date) -> int:
    """Return how many of `target` participants an even pace over the span has enrolled by the end of `on`,
    rounded down."""
    if on < span.first:
        return 0
    return target * _nights(span.until(on)) // max(_nights(span), 1)


def is_behind(enrolled: int, target: int, *, span: DateSpan, on: date, slack_percent: int) -> bool:
    """Whether more than the slack (a share of the target) is missing from the even pace."""
    missing = expected_enrolment(target, span=span, on=on) - enrolled
    return missing * 100 > target * slack_percent


def forecast_enrolment(enrolled: int, *, span: DateSpan, on: date) -> int:
    """Return how many will be enrolled at the span's end if its pace until `on` goes on, rounded down."""
    elapsed = _nights(span.until(on))
    return enrolled * _nights(span) // elapsed if elapsed > 0 else enrolled


def expected_day(enrolled: int, minimum: int, *, first: date, on: date) -> date | None:
    """Return the day on which `minimum` are enrolled at the pace from `first` to `on`; None when they are
    already, or when nobody is enrolled."""
    if enrolled >= minimum or enrolled == 0 or on <= first:
        return None
    days = -(-(minimum * (on - first).days) // enrolled)
    try:
        return first + days * DAY
    except OverflowError:
        return None


def _nights(span: DateSpan) -> int:
    """Return the days between the span's first and its last one."""
    return span.days - 1
