"""Filters of the lists; the choice is part of the URL."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet, UUIDField
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from accounts.requests import AuthenticatedRequest
from cases.models import Course, CourseFunction, Referral, ReferralState, TargetGroup
from cases.models.course import CourseQuerySet
from cases.presentation.phases import PHASE_WORDS
from cases.rules.phases import Phase
from reminders.extension_points import registered_kinds
from reminders.models import Deadline, SubjectType

PHASES = [(str(phase), PHASE_WORDS[phase]) for phase in Phase if phase != Phase.NOT_STARTED]


def own_municipalities(request: AuthenticatedRequest | None) -> QuerySet[Municipality]:
    """Return the municipalities of the user's projects."""
    if request is None:
        return Municipality.objects.none()
    return Municipality.objects.filter(place__project_id__in=request.user.project_ids()).order_by("name")


def due_choices() -> list[tuple[str, str | Promise]]:
    """Return the kinds of deadlines of courses, by label."""
    kinds = [kind for kind in registered_kinds() if kind.subject_type == SubjectType.COURSE]
    return sorted(((kind.code, kind.label) for kind in kinds), key=lambda choice: str(choice[1]))


class CourseFilter(django_filters.FilterSet):
    """Filter the course list by phase, municipality, the function that the user holds, and what is due."""

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

    due = django_filters.ChoiceFilter(
        label=_("What is due"), choices=due_choices, method="filter_due", empty_label=_("All courses")
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

    def filter_due(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        """Return the courses with a deadline of the kind that is shown on the day."""
        deadlines = Deadline.objects.filter(kind=value, subject_type=SubjectType.COURSE).shown_on(self.on)
        return queryset.filter(public_id__in=deadlines.values(key=Cast("subject", UUIDField())))

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
