"""What is known of a citizen before the draw, in whole or parts of years."""

import datetime

YEAR_DAYS = 365.25


def age_on(day: datetime.date, *, born_on: datetime.date) -> int:
    """Return the age in whole years on the day; born on 29 February, one is a year older on 1 March."""
    had_birthday = (day.month, day.day) >= (born_on.month, born_on.day)
    return day.year - born_on.year - (not had_birthday)


def years_until(day: datetime.date, *, since: datetime.date) -> float:
    """Return how many years lie between the days."""
    return (day - since).days / YEAR_DAYS
