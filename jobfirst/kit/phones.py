"""Telephone numbers: how they are typed, and the links that call or write to somebody."""

import re

from django.core.validators import RegexValidator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_LENGTH = 30

#: Digits in any grouping, with or without a country code: "+45 12 34 56 78".
is_phone_number = RegexValidator(
    r"^\s*\+?(?:[\s().-]*\d){5,15}\s*$",
    gettext_lazy("Write a phone number in digits, with or without a country code."),
)


def dialled(number: str) -> str:
    """Return the number as `tel:` and `sms:` links take it: digits, after a plus if there is one."""
    plus = "+" if number.lstrip().startswith("+") else ""
    return plus + re.sub(r"\D", "", number)


def phone_links(number: str, person: object = "") -> SafeString:
    """Return a link that calls the number and one that writes a text message; screen readers hear whose."""
    return format_html(
        '<span class="jf-reach"><a href="tel:{0}">{1}</a> <a href="sms:{0}">{2}'
        '<span class="sr-only"> {3}</span></a></span>',
        dialled(number),
        number,
        _("Text"),
        person,
    )


def reach_links(phone: str, email: str, person: object) -> SafeString:
    """Return the links to a person's phone, if there is one, and e-mail."""
    mail = format_html('<span class="jf-reach"><a href="mailto:{0}">{0}</a></span>', email)
    return SafeString(phone_links(phone, person) + mail if phone else mail)
