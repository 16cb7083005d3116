"""How an amount is written for people."""

from decimal import Decimal

from django.utils.formats import number_format


def written(amount: Decimal) -> str:
    """Kroner and øre in the reader's language, grouped: 1.440.000,00."""
    return number_format(amount, 2, force_grouping=True)
