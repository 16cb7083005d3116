"""Take-overs of companies as pages and forms show them."""

import datetime
from html import escape

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from companies.models import Company, Succession


def take_overs_of(company: Company) -> list[Succession]:
    """Return the standing take-overs of the company and by it: one query."""
    rows = Succession.objects.standing().select_related("predecessor", "successor")
    return list(rows.filter(Q(predecessor=company) | Q(successor=company)))


def successor_warning(company: Company, day: datetime.date) -> SafeString | None:
    """Return the warning, with a link, that another company is there from before the day; else None."""
    rows = Succession.objects.standing().filter(predecessor=company, from_on__lte=day)
    succession = rows.select_related("successor").first()
    if succession is None:
        return None
    text = escape(
        _("%(company)s was taken over on %(day)s. The new company is %(successor)s, CVR %(cvr)s.")
        % {
            "company": company.name,
            "day": date_format(succession.from_on),
            "successor": succession.successor.name,
            "cvr": succession.successor.cvr,
        }
    )
    url = escape(reverse("companies:company", args=[succession.successor.cvr]))
    words = escape(_("See the new company"))
    return SafeString(f'{text} <a href="{url}">{words}</a>')  # nosec B703 - of escaped parts
