"""Template filters of placements."""

import datetime

from django import template

from companies.models import Placement
from companies.presentation.placements import hours_in_words
from companies.presentation.schedule import period_in_words

register = template.Library()
register.filter("hours_in_words", hours_in_words)
register.filter("period_in_words", period_in_words)


@register.filter
def hours_on(placement: Placement, day: datetime.date) -> str:
    """Return the placement's weekly hours on the day in words (D38)."""
    return hours_in_words(placement.hours_on(day))
