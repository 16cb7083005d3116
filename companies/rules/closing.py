"""When a placement is assessed (D54)."""

from datetime import date


def is_over(last_day: date | None, on: date, *, is_renewed: bool) -> bool:
    """Whether a placement has had its last day and nothing renews it: then it is assessed, once."""
    return last_day is not None and last_day <= on and not is_renewed
