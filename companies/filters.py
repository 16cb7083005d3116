"""Filter of the company list; the choice is part of the URL."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import Company


class CompanyFilter(django_filters.FilterSet):
    """Find companies by a part of the name, or by CVR number."""

    q = django_filters.CharFilter(label=_("Name or CVR number"), method="filter_text")

    class Meta:
        model = Company
        fields: list[str] = []

    def filter_text(self, queryset: QuerySet[Company], name: str, value: str) -> QuerySet[Company]:
        """Return companies whose name contains the words, or whose number begins with the digits."""
        words = value.strip()
        return queryset.filter(Q(name__icontains=words) | Q(cvr__startswith=words.replace(" ", "")))
