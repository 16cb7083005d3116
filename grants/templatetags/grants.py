"""Template filters of the grants."""

from typing import Any

from django import template

from grants import exchange, explanation, money
from grants.models import GrantScheme

register = template.Library()
register.filter("kroner", money.written)
register.filter("event_label", explanation.kind_label)


@register.filter
def terms_in_words(scheme: GrantScheme) -> list[tuple[str, Any]]:
    """A row of terms as (label, value), the project's own choices marked as such."""
    return exchange.terms_in_words(scheme)
