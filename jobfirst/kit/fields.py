"""Form fields that read numbers and times as people write them."""

import datetime
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format

from jobfirst.kit.forms import DecimalInput, TimeInput

#: More hours a week than this are a typing error.
MOST_HOURS = 60

#: 7 and 7,5 and 7.50, in every language; no exponents.
HOURS = re.compile(r"[0-9]{1,3}([.,][0-9]{1,2})?")
#: 8 and 8.30 and 08:30, 830 and 0830.
CLOCK = re.compile(r"([0-9]{1,2})(?:[.:]?([0-9]{2}))?")


class HoursField(forms.DecimalField):
    """Weekly hours, with a comma or a point; where it is not required, empty means `empty` (none)."""

    def __init__(self, *, empty: Decimal | None = Decimal(0), **kwargs: Any) -> None:
        defaults = {
            "min_value": 0,
            "max_value": MOST_HOURS,
            "max_digits": 4,
            "decimal_places": 2,
            "widget": DecimalInput,
        }
        super().__init__(**{**defaults, **kwargs})
        self.empty = empty

    def to_python(self, value: Any) -> Any:  # the stubs take a DecimalField for whole numbers
        """Return the number; a comma and a point are both decimal marks."""
        if value is None:  # not sent at all
            return None if self.required else self.empty
        if not isinstance(value, str):
            return super().to_python(value)
        typed = value.strip()
        if not typed:
            return None if self.required else self.empty
        if not HOURS.fullmatch(typed):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(typed.replace(",", "."))

    def prepare_value(self, value: Any) -> Any:
        """Format the hours as on the page."""
        return number_format(value) if isinstance(value, Decimal) else value


class ClockField(forms.TimeField):
    """A time of day as people write it: 8, 8.30, 08:30, 0830. 24.00 is midnight."""

    widget = TimeInput

    def to_python(self, value: Any) -> datetime.time | None:
        """Return the time; 24.00 is 00.00."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        match = CLOCK.fullmatch(value.strip())
        if match is None:
            return super().to_python(value)
        hour, minute = int(match[1]), int(match[2] or 0)
        if (hour, minute) == (24, 0):
            hour = 0
        if hour > 23 or minute > 59:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return datetime.time(hour, minute)
