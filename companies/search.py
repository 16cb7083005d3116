"""Finding companies: by name, CVR number, P-number, sector and place, for the list and for forms alike.

Everything searched is a fact of the public register, so that nothing that a project writes shows in what
another one finds (D39).
"""

from django.db.models import Q, QuerySet

from companies.distances import TownDistances
from companies.models import Company, CompanyMerge, Workplace
from jobfirst.values.name_search import folded

#: The most companies that a form offers to choose from.
MOST_CHOICES = 10
CVR_DIGITS, P_DIGITS, POSTAL_DIGITS = 8, 10, 4


def search_words(typed: str) -> list[str]:
    """Return the parts to search for, folded; the digits of a CVR number or P-number are one part."""
    digits = "".join(typed.split())
    if digits.isdigit() and len(digits) in (CVR_DIGITS, P_DIGITS):
        return [digits]
    return folded(typed.replace("\0", " ")).split()


def matching(companies: QuerySet[Company], typed: str) -> QuerySet[Company]:
    """Return the companies whose text has each of the typed parts; numbers are found from their beginning."""
    parts = [f" {word}" if word.isdigit() else word for word in search_words(typed)]
    return companies.filter(*(Q(search_text__contains=part) for part in parts))


def choices_for(typed: str) -> list[Company]:
    """Return the first companies that match what was typed into a form; none when nothing was."""
    if not search_words(typed):
        return []
    companies = Company.objects.exclude(pk__in=CompanyMerge.objects.duplicates()).order_by("name", "cvr")
    return list(matching(companies, typed)[:MOST_CHOICES])


def at_place(companies: QuerySet[Company], place: str, kilometres: int | None = None) -> QuerySet[Company]:
    """Return the companies that lie, or have an open workplace, at a postal code or in a town.

    With `kilometres` also those around it, measured between the towns. Where the place is not known
    (`PostalArea`), only the place itself counts. A postal code may be cut short: `80` is all of 8000 to 8099.
    """
    codes = TownDistances().codes_near(place, kilometres) if kilometres else None
    if codes is None and place.isdigit():
        codes = [f"{code:04d}" for code in codes_beginning_with(place)]
    if codes is not None:
        return companies.filter(postal_codes__overlap=codes)
    workplaces = Workplace.objects.filter(town__istartswith=place, is_closed=False)
    return companies.filter(Q(town__istartswith=place) | Q(pk__in=workplaces.values("company")))


def codes_beginning_with(digits: str) -> range:
    """Return the postal codes that begin with these digits; none when there are more than four."""
    if len(digits) > POSTAL_DIGITS:
        return range(0)
    several = 10 ** (POSTAL_DIGITS - len(digits))
    return range(int(digits) * several, (int(digits) + 1) * several)
