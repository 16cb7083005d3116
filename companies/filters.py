"""What the list of companies can be narrowed to; the choice stands in the address."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import Company


class CompanyFilter(django_filters.FilterSet):
    """Find a company by a part of its name, or by its number."""

    q = django_filters.CharFilter(label=_("Name or CVR number"), method="filter_text")

    class Meta:
        model = Company
        fields: list[str] = []

    def filter_text(self, queryset: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        """Companies whose name holds the words, or whose number begins with the digits."""
        words = value.strip()
        return queryset.filter(Q(name__icontains=words) | Q(cvr__startswith=words.replace(" ", "")))
