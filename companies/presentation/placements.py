"""A placement and its hours in words."""

from django.template.defaultfilters import floatformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Placement, PlacementKind
from companies.rules.agreed_hours import WeeklyHours

#: What each kind is, where it is chosen.
KIND_HINTS = {
    PlacementKind.SNIFFING: gettext_lazy("A week or more to see whether company and citizen fit each other."),
    PlacementKind.INTERNSHIP: gettext_lazy(
        "After a match, for some months at a time; ordinary hours may stand beside it."
    ),
    PlacementKind.WAGE_SUBSIDY: gettext_lazy("Employment for which the company gets a subsidy."),
    PlacementKind.ORDINARY_EMPLOYMENT: gettext_lazy("Employment on ordinary terms, all hours are paid."),
    PlacementKind.FLEX_JOB: gettext_lazy("Employment as a flex job, all hours are paid."),
}


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


def hours_in_words(hours: WeeklyHours) -> str:
    """Return weekly hours in words, internship and ordinary hours apart; a dash without any."""
    numbers = {"internship": floatformat(hours.internship, -2), "ordinary": floatformat(hours.ordinary, -2)}
    if hours.internship and hours.ordinary:
        return _("%(internship)s internship hours, %(ordinary)s ordinary hours") % numbers
    if hours.internship:
        return _("%(internship)s internship hours") % numbers
    return _("%(ordinary)s ordinary hours") % numbers if hours.ordinary else "–"
