"""Formatting and parsing of amounts in kroner."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format

from jobfirst.kit import validators
from jobfirst.kit.forms import DecimalInput

#: 1.234 and 1.234,50 and 1234,50; 1234.50; and 1,234.50 as the English page writes it.
DANISH = re.compile(r"-?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]*)?")
POINT = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
ENGLISH = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+\.[0-9]{1,2}")


def written(amount: Decimal) -> str:
    """Return kroner and øre in the reader's language, grouped: 1.440.000,00."""
    return number_format(amount, 2, force_grouping=True)


class KronerField(forms.DecimalField):
    """An amount as users type it: 1.234,50 or 1234,50 or 1234.50 or 1.234; at most two decimals."""

    def __init__(self, *args: Any, min_value: Decimal | int | None = None, **kwargs: Any) -> None:
        wide = {"max_digits": 12, "decimal_places": 2, "widget": DecimalInput(attrs={"class": "jf-money"})}
        super().__init__(*args, **{**wide, **kwargs})
        if min_value is not None:
            self.validators += validators.kroner_between(min_value)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs leave out text
        """Return the amount; a point before exactly three digits separates thousands, any other decimals."""
        if isinstance(value, str):
            value = self._plain(re.sub(r"\s", "", value))
        return super().to_python(value)

    def _plain(self, typed: str) -> str:
        """Return the digits with a decimal point; ValidationError for exponents and everything else."""
        if not typed:
            return typed
        if DANISH.fullmatch(typed):
            return typed.replace(".", "").replace(",", ".")
        if ENGLISH.fullmatch(typed):
            return typed.replace(",", "")
        if POINT.fullmatch(typed):
            return typed
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def prepare_value(self, value: Any) -> Any:
        """Format an amount in the form as on the page."""
        return written(value) if isinstance(value, Decimal) else value
