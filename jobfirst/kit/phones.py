"""Links that call or write to somebody."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jobfirst.values.phone_numbers import number_to_dial


def phone_links(number: str, person: object = "") -> SafeString:
    """Return a link that calls the number and one that writes a text message; screen readers hear whose."""
    return format_html(
        '<span class="jf-reach"><a href="tel:{0}">{1}</a> <a href="sms:{0}">{2}'
        '<span class="sr-only"> {3}</span></a></span>',
        number_to_dial(number),
        number,
        _("Text"),
        person,
    )


def reach_links(phone: str, email: str, person: object) -> SafeString:
    """Return the links to a person's phone, if there is one, and e-mail."""
    mail = format_html('<span class="jf-reach"><a href="mailto:{0}">{0}</a></span>', email)
    return SafeString(phone_links(phone, person) + mail if phone else mail)  # nosec B703 - of escaped parts
