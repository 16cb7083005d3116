"""The filters of the lists of the draw; their values stand in the address, but for names."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from cases.filters import NameFilter, NameSearchForm
from cases.models.citizen import TargetGroup
from randomization.models import Allocation, Arm


class DrawnFilter(django_filters.FilterSet):
    """By name and arm; `first` and `last` show the result of one draw."""

    name = NameFilter(field_name="referral__name")
    arm = django_filters.ChoiceFilter(choices=Arm.choices, label=_("Arm"), empty_label=_("All"))
    first = django_filters.NumberFilter(
        field_name="sequence", lookup_expr="gte", widget=forms.HiddenInput, label=""
    )
    last = django_filters.NumberFilter(
        field_name="sequence", lookup_expr="lte", widget=forms.HiddenInput, label=""
    )

    class Meta:
        model = Allocation
        form = NameSearchForm
        fields: tuple[str, ...] = ()


class LedgerFilter(django_filters.FilterSet):
    """By project, target group and arm."""

    project = django_filters.ModelChoiceFilter(
        queryset=Project.objects.all(), to_field_name="slug", label=_("Project"), empty_label=_("All")
    )
    target_group = django_filters.ChoiceFilter(
        field_name="stratum__target_group",
        choices=TargetGroup.choices,
        label=_("Target group"),
        empty_label=_("All"),
    )
    arm = django_filters.ChoiceFilter(choices=Arm.choices, label=_("Arm"), empty_label=_("All"))

    class Meta:
        model = Allocation
        fields: tuple[str, ...] = ()
