"""Template filters of the grants."""

from django import template

from grants.models import GrantScheme
from grants.presentation import explanation, export
from grants.presentation.figures import LabelledValue
from jobfirst import money

register = template.Library()
register.filter("kroner", money.written)
register.filter("event_label", explanation.kind_label)


@register.filter
def terms_in_words(scheme: GrantScheme) -> list[LabelledValue]:
    """A row of terms as (label, value), the project's own choices marked as such."""
    return export.terms_in_words(scheme)
