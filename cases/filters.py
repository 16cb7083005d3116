"""Filters of the lists; the choice is part of the URL."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from accounts.requests import AuthenticatedRequest
from cases.models import Course, CourseFunction, Referral, ReferralState, TargetGroup
from cases.models.course import CourseQuerySet
from cases.presentation.phases import PHASE_WORDS
from cases.rules.phases import Phase

PHASES = [(str(phase), PHASE_WORDS[phase]) for phase in Phase if phase != Phase.NOT_STARTED]


def own_municipalities(request: AuthenticatedRequest | None) -> QuerySet[Municipality]:
    """Return the municipalities of the user's projects."""
    if request is None:
        return Municipality.objects.none()
    return Municipality.objects.filter(place__project_id__in=request.user.project_ids()).order_by("name")


class CourseFilter(django_filters.FilterSet):
    """Filter the course list by phase, municipality and the function that the user holds."""

    phase = django_filters.ChoiceFilter(
        label=_("Phase"), choices=PHASES, method="filter_phase", empty_label=_("All phases")
    )
    municipality = django_filters.ModelChoiceFilter(
        label=_("Municipality"), queryset=own_municipalities, empty_label=_("All municipalities")
    )
    function = django_filters.ChoiceFilter(
        label=_("My function"),
        choices=CourseFunction.choices,
        method="filter_function",
        empty_label=_("All courses"),
    )

    class Meta:
        model = Course
        fields: list[str] = []

    def __init__(self, *args: Any, on: datetime.date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)

    def filter_phase(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        """Return the courses in the phase on the day."""
        return queryset.in_phase(value, self.on)

    def filter_function(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        """Return the courses where the user holds the function."""
        return queryset.filter(pk__in=Course.objects.held_by(self.request.user, value).values("pk"))


class ReferralFilter(django_filters.FilterSet):
    """Filter referrals by result, target group and name: all in the URL, so there is no CPR number."""

    name = django_filters.CharFilter(lookup_expr="icontains", label=_("Name"), widget=forms.TextInput)
    state = django_filters.ChoiceFilter(
        choices=ReferralState.choices, label=_("Answer"), empty_label=_("All")
    )
    target_group = django_filters.ChoiceFilter(
        choices=TargetGroup.choices, label=_("Target group"), empty_label=_("All")
    )

    class Meta:
        model = Referral
        fields: tuple[str, ...] = ()
