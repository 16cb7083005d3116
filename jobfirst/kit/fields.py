"""Form fields that read days, numbers and times as people write them, and refuse what nobody can mean."""

import datetime
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import models
from django.forms import Widget
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.kit.forms import DateInput, DateTimeInput, DecimalInput, TimeInput
from jobfirst.kit.validators import without_cpr
from jobfirst.values.dates import EARLIEST, LATEST, DateSpan

#: More hours a week than this are a typing error.
MOST_HOURS = 60

#: 7 and 7,5 and 7.50, in every language; no exponents.
HOURS = re.compile(r"[0-9]{1,3}([.,][0-9]{1,2})?")
#: 8 and 8.30 and 08:30, 830 and 0830.
CLOCK = re.compile(r"([0-9]{1,2})(?:[.:]?([0-9]{2}))?")


def has_known_year(value: datetime.date) -> None:
    """Raise ValidationError for a day or moment outside the years that a date in the system can have."""
    day = value.date() if isinstance(value, datetime.datetime) else value
    if day not in DateSpan(EARLIEST, LATEST):
        raise forms.ValidationError(_("Check the year: it lies between 1900 and 2099."), code="year")


class DayField(forms.DateField):
    """A day between EARLIEST and LATEST; every form field of a day is one."""

    widget = DateInput
    default_validators = [has_known_year]

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        """Tell the browser's date picker the limits."""
        return {"min": EARLIEST.isoformat(), "max": LATEST.isoformat()}


class MomentField(forms.DateTimeField):
    """A day and time between EARLIEST and LATEST; every form field of a moment is one."""

    widget = DateTimeInput
    default_validators = [has_known_year]

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        """Tell the browser's picker the limits."""
        return {"min": f"{EARLIEST.isoformat()}T00:00", "max": f"{LATEST.isoformat()}T23:59"}


class FreeTextField(forms.CharField):
    """Text that people write: it holds no CPR number, and a line break is one character.

    Browsers send a line break as two characters (CRLF) and count it as one (`maxlength`). Every form field of
    text is one, except codes and numbers (`tests/kit/test_free_text.py`).
    """

    default_validators = [without_cpr]

    def to_python(self, value: Any) -> Any:  # the empty value may be None
        """Return the text with line feeds as its line breaks."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


#: Fields of models in which people write.
TEXTS = (models.CharField, models.TextField, EncryptedTextField)


def form_field_of(model_field: "models.Field[Any, Any]", **kwargs: Any) -> forms.Field | None:
    """Return the form field of a model's field: the kit's own for days, moments and text."""
    if isinstance(model_field, models.DateTimeField):
        kwargs["form_class"] = MomentField
    elif isinstance(model_field, models.DateField):
        kwargs["form_class"] = DayField
    elif type(model_field) in TEXTS and not _has_pattern(model_field):
        kwargs.setdefault("form_class", FreeTextField)
    return model_field.formfield(**kwargs)


def _has_pattern(model_field: "models.Field[Any, Any]") -> bool:
    """Whether the field holds a code or a number of a known form, such as a P-number."""
    return any(isinstance(validator, RegexValidator) for validator in model_field.validators)


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
    """A time of day as people write it: 8, 8.30, 08:30, 0830.

    With `is_end` 24.00 is midnight, the end of the day; nothing begins at 24.00.
    """

    widget = TimeInput

    def __init__(self, *, is_end: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.is_end = is_end

    def to_python(self, value: Any) -> datetime.time | None:
        """Return the time; an end at 24.00 is 00.00."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        match = CLOCK.fullmatch(value.strip())
        if match is None:
            return super().to_python(value)
        hour, minute = int(match[1]), int(match[2] or 0)
        if self.is_end and (hour, minute) == (24, 0):
            hour = 0
        if hour > 23 or minute > 59:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return datetime.time(hour, minute)
