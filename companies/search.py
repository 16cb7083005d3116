"""Finding companies: by name, CVR number, P-number, sector and place, for the list and for forms alike.

Everything searched is a fact of the public register, so that nothing that a project writes shows in what
another one finds (D39).
"""

from django.db.models import Q, QuerySet

from companies.models import Company, CompanyMerge, PostalArea, Workplace
from jobfirst.name_search import folded

#: The most companies that a form offers to choose from.
MOST_CHOICES = 10
CVR_DIGITS, P_DIGITS = 8, 10


def search_words(typed: str) -> list[str]:
    """Return the parts to search for, folded; the digits of a CVR number or P-number are one part."""
    digits = "".join(typed.split())
    if digits.isdigit() and len(digits) in (CVR_DIGITS, P_DIGITS):
        return [digits]
    return folded(typed.replace("\0", " ")).split()


def matching(companies: QuerySet[Company], typed: str) -> QuerySet[Company]:
    """Return the companies whose text has each of the typed parts; numbers are found from their beginning."""
    for word in search_words(typed):
        part = f" {word}" if word.isdigit() else word
        companies = companies.filter(search_text__contains=part)
    return companies


def choices_for(typed: str) -> list[Company]:
    """Return the first companies that match what was typed into a form; none when nothing was."""
    if not search_words(typed):
        return []
    companies = Company.objects.exclude(pk__in=CompanyMerge.objects.duplicates()).order_by("name", "cvr")
    return list(matching(companies, typed)[:MOST_CHOICES])


def at_place(companies: QuerySet[Company], place: str, kilometres: int | None = None) -> QuerySet[Company]:
    """Return the companies that lie, or have a workplace, at a postal code or in a town.

    With `kilometres` also those around it, measured between the towns. Where the place of the postal code is
    not known (`PostalArea`), only the place itself counts.
    """
    centre = _centre(place) if kilometres else None
    if centre is None or kilometres is None:
        condition = Q(postal_code__startswith=place) if place.isdigit() else Q(town__istartswith=place)
    else:
        condition = _codes_of(PostalArea.objects.near(centre, kilometres))
    workplaces = Workplace.objects.filter(condition, is_closed=False)
    return companies.filter(condition | Q(pk__in=workplaces.values("company")))


def _centre(place: str) -> PostalArea | None:
    if place.isdigit():
        return PostalArea.objects.of_code(place).first()
    return PostalArea.objects.filter(town__istartswith=place).first()


def _codes_of(areas: QuerySet[PostalArea]) -> Q:
    """Return the condition that a postal code belongs to one of the areas."""
    ranges = list(areas.values_list("first", "last"))
    condition = Q(postal_code__in=[first for first, last in ranges if first == last])
    for first, last in ranges:
        if first != last:
            condition |= Q(postal_code__range=(first, last))
    return condition
