"""Template filters of the pages of the steering group."""

import datetime

from django import template

from evaluation.steering.models import SteeringDecision

register = template.Library()


@register.filter
def is_overdue(decision: SteeringDecision, on: datetime.date) -> bool:
    """Whether the decision's day has passed and it is not carried out."""
    return decision.is_overdue(on)
