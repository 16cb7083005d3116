"""How an amount is written for people, and read from them."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format

from jobfirst.kit.forms import DecimalInput

GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+")


def written(amount: Decimal) -> str:
    """Kroner and øre in the reader's language, grouped: 1.440.000,00."""
    return number_format(amount, 2, force_grouping=True)


class KronerField(forms.DecimalField):
    """Kroner as people type them: 1.234,50 or 1234,50 or 1234.50 or 1.234. At most two decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": 12, "decimal_places": 2, "widget": DecimalInput, **kwargs})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The amount; a point before exactly three digits groups, any other is a decimal point."""
        if isinstance(value, str):
            value = re.sub(r"\s", "", value)
            if "," in value or GROUPED.fullmatch(value):
                value = value.replace(".", "").replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """An amount in the form is written as on the page."""
        return written(value) if isinstance(value, Decimal) else value
