"""A placement in words."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies.models import Placement


def placement_in_words(placement: Placement) -> str:
    """Return the citizen, company, kind and days of a placement in words, so that a user withdraws the
    right one."""
    if placement.last_day:
        words = _("%(citizen)s, %(company)s: %(kind)s from %(first)s to %(last)s.")
    else:
        words = _("%(citizen)s, %(company)s: %(kind)s from %(first)s until further notice.")
    return words % {
        "citizen": placement.course.citizen_name,
        "company": placement.company,
        "kind": str(placement.get_kind_display()).lower(),
        "first": date_format(placement.starts_on),
        "last": date_format(placement.last_day) if placement.last_day else "",
    }
