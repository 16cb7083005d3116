"""Template filters of the grants."""

from django import template

from grants.models import GrantTerms
from grants.presentation import export
from grants.presentation.event_labels import event_label
from grants.presentation.figures import LabelledValue
from grants.reckoning.statement import Adjustment
from jobfirst.values import money

register = template.Library()
register.filter("kroner", money.written)


@register.filter
def terms_in_words(terms: GrantTerms) -> list[LabelledValue]:
    """A row of terms as (label, value), the project's own choices marked as such."""
    return export.terms_in_words(terms)


@register.filter
def adjustment_label(adjustment: Adjustment, terms: GrantTerms) -> str:
    """What the event of an adjustment is called; `terms` holds the terms in force on the cut-off."""
    return event_label(adjustment.kind, adjustment.was_on, terms)
