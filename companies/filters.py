"""Filter of the company list; the choice is part of the URL."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies import search
from companies.models import Company

DISTANCES = [(kilometres, f"{kilometres} km") for kilometres in (5, 10, 20, 50)]


class CompanyFilter(django_filters.FilterSet):
    """Find companies by words and numbers, by place, and by sector."""

    q = django_filters.CharFilter(label=_("Name, CVR number or P-number"), method="filter_text")
    place = django_filters.CharFilter(label=_("Postal code or town"), method="filter_place")
    distance = django_filters.ChoiceFilter(
        label=_("At most so far from there"),
        choices=DISTANCES,
        empty_label=_("Only that place"),
        method="filter_distance",
    )
    sector = django_filters.CharFilter(label=_("Sector or sector code"), method="filter_sector")

    class Meta:
        model = Company
        fields: list[str] = []

    def filter_text(self, queryset: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        """Return companies with each of the words."""
        return search.matching(queryset, value)

    def filter_place(self, queryset: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        """Return companies at the place, or at most the chosen distance from it."""
        distance = self.form.cleaned_data.get("distance")
        return search.at_place(queryset, value.strip(), int(distance) if distance else None)

    def filter_distance(self, queryset: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        """Return the companies as they are: the distance counts from the place."""
        return queryset

    def filter_sector(self, queryset: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        """Return companies whose sector contains the words, or whose code begins with the digits."""
        if value.isdigit():
            return queryset.filter(sector_code__startswith=value)
        # The folded text has an index, the sector has none.
        return search.matching(queryset, value).filter(sector__icontains=value)
