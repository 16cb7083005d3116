"""Phone numbers: the validator of typed ones, and the form that links dial."""

import re

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 30

#: Digits in any grouping, with or without a country code: "+45 12 34 56 78".
phone_validator = RegexValidator(
    r"^\s*\+?(?:[\s().-]*\d){5,15}\s*$",
    _("Write a phone number in digits, with or without a country code."),
)


def number_to_dial(number: str) -> str:
    """Return the number as `tel:` and `sms:` links take it: digits, after a plus if there is one."""
    plus = "+" if number.lstrip().startswith("+") else ""
    return plus + re.sub(r"\D", "", number)
