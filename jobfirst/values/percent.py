"""A share as people write it: in percent, though it is stored as a fraction."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import DecimalValidator

from jobfirst.kit import validators
from jobfirst.kit.forms import DecimalInput

#: 90 and 85,5 and 33.33; no exponents and no signs.
PERCENT = re.compile(r"[0-9]{1,4}([.,][0-9]+)?")


class PercentField(forms.DecimalField):
    """A share from 0 to 100 percent with at most two decimals; its value is the fraction: 90 gives 0.9."""

    widget = DecimalInput

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The limits of the model's field are those of the fraction.
        super().__init__(*args, **{**kwargs, "max_digits": None, "decimal_places": None, "localize": True})
        self.percent_validators: validators.Validators = [
            DecimalValidator(5, 2),
            *validators.whole_between(0, 100),
        ]

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # text, too
        """The fraction. ValidationError when the text is no percentage."""
        if isinstance(value, str) and value.strip() and not PERCENT.fullmatch(value.strip()):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        percent = super().to_python(value)
        if percent is None:
            return None
        for validator in self.percent_validators:
            validator(percent)
        return percent / 100

    def prepare_value(self, value: Any) -> Any:
        """The percentage of a fraction; what was typed stays as it was typed."""
        if not isinstance(value, Decimal):
            return value
        percent = value * 100
        return percent.quantize(Decimal(1)) if percent == percent.to_integral() else percent.normalize()
