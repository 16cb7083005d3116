"""Filters of the lists; the choice is part of the URL, but for names (`cases.views.name_search`)."""

import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet, UUIDField
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, Project
from accounts.requests import AuthenticatedRequest
from cases.elements.names import ELEMENT_NAMES
from cases.gaps import find_gaps, with_filled_days
from cases.models import Course, CourseElement, CourseFunction, Referral, ReferralState, TargetGroup
from cases.models.course import CourseQuerySet
from cases.models.elements import ElementStateChoices
from cases.presentation.phases import PHASE_WORDS
from cases.rules.phases import Phase
from jobfirst.values.danish_order import danish_key
from jobfirst.values.name_search import named_like
from reminders.extension_points import registered_kinds
from reminders.models import Deadline, SubjectType

PHASES = [(str(phase), PHASE_WORDS[phase]) for phase in Phase if phase != Phase.NOT_STARTED]


def own_municipalities(request: AuthenticatedRequest | None) -> QuerySet[Municipality]:
    """Return the municipalities of the user's projects."""
    if request is None:
        return Municipality.objects.none()
    return Municipality.objects.filter(place__project_id__in=request.user.project_ids()).order_by("name")


def own_projects(request: AuthenticatedRequest | None) -> QuerySet[Project]:
    """Return the user's projects."""
    if request is None:
        return Project.objects.none()
    return Project.objects.filter(pk__in=request.user.project_ids()).order_by("name")


def due_choices() -> list[tuple[str, str | Promise]]:
    """Return the kinds of deadlines of courses, by label."""
    kinds = [kind for kind in registered_kinds() if kind.subject_type == SubjectType.COURSE]
    return sorted(((kind.code, kind.label) for kind in kinds), key=lambda choice: danish_key(str(choice[1])))


class NameInput(forms.TextInput):
    """Part of a name, sent in the body of a request: the browser refuses digits, and so does the server."""

    def __init__(self) -> None:
        super().__init__({"pattern": "[^0-9]*", "title": _("Names only"), "autocomplete": "off"})


class NameSearchForm(forms.Form):
    """The form of a filter with a name: sent in the body, so that no address holds the name."""

    is_sent_in_body = True


class NameFilter(django_filters.CharFilter):
    """Filter by parts of a name, as people type them (jobfirst/values/name_search.py).

    The form of its filter set is `NameSearchForm`, and its view is decorated with `searched_by_name`
    (cases/views/name_search.py): no digits come here, and no name stands in an address.
    """

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name=field_name, label=_("Name"), widget=NameInput)

    def filter(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Return the rows whose name has all the typed parts."""
        return named_like(queryset, self.field_name, value) if value else queryset


class CourseFilter(django_filters.FilterSet):
    """Filter the course list by name, project, phase, municipality, the function that the user holds, what is
    due, gaps, and missed core elements. The project is asked only of those who have several."""

    name = NameFilter(field_name="referral__name")
    project = django_filters.ModelChoiceFilter(
        label=_("Project"), queryset=own_projects, to_field_name="slug", empty_label=_("All projects")
    )
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
    overdue = django_filters.ChoiceFilter(
        label=_("Overdue"),
        choices=[("yes", _("At least one deadline"))],
        method="filter_overdue",
        empty_label=_("All courses"),
    )
    gap = django_filters.ChoiceFilter(
        label=_("Gaps"),
        choices=[("ahead", _("Coming two weeks")), ("behind", _("So far"))],
        method="filter_gap",
        empty_label=_("All courses"),
    )
    missed = django_filters.ChoiceFilter(
        label=_("Core element missed"),
        choices=list(ELEMENT_NAMES.items()),
        method="filter_missed",
        empty_label=_("All courses"),
    )

    class Meta:
        model = Course
        form = NameSearchForm
        fields: list[str] = []

    def __init__(self, *args: Any, on: datetime.date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)
        if self.request is not None and len(self.request.user.project_ids()) < 2:
            del self.filters["project"]

    def filter_phase(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        """Return the courses in the phase on the day."""
        return queryset.in_phase(value, self.on)

    def filter_due(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        """Return the courses with a deadline of the kind that is shown on the day."""
        deadlines = Deadline.objects.filter(kind=value, subject_type=SubjectType.COURSE).shown_on(self.on)
        return queryset.filter(public_id__in=deadlines.values(key=Cast("subject", UUIDField())))

    def filter_overdue(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        """Return the courses with a deadline that was due before the day."""
        deadlines = Deadline.objects.filter(subject_type=SubjectType.COURSE, due_on__lt=self.on).shown_on(
            self.on
        )
        return queryset.filter(public_id__in=deadlines.values(key=Cast("subject", UUIDField())))

    def filter_gap(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        """Return the running courses with empty working days, so far or in the next two weeks."""
        gaps = find_gaps(with_filled_days(queryset.running(self.on)), self.on)
        chosen = {gap.course.pk for gap in gaps if (gap.is_ahead if value == "ahead" else gap.is_behind)}
        return queryset.filter(pk__in=chosen)

    def filter_missed(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        """Return the courses that have missed the core element on the day (D7)."""
        missed = CourseElement.objects.on(self.on).filter(element=value, state=ElementStateChoices.MISSED)
        return queryset.filter(pk__in=missed.values("course_id"))

    def filter_function(self, queryset: CourseQuerySet, name: str, value: str) -> CourseQuerySet:
        """Return the courses where the user holds the function."""
        return queryset.filter(pk__in=Course.objects.held_by(self.request.user, value).values("pk"))


class ReferralFilter(django_filters.FilterSet):
    """Filter referrals by result, target group and name."""

    name = NameFilter(field_name="name")
    state = django_filters.ChoiceFilter(
        choices=ReferralState.choices, label=_("Answer"), empty_label=_("All")
    )
    target_group = django_filters.ChoiceFilter(
        choices=TargetGroup.choices, label=_("Target group"), empty_label=_("All")
    )

    class Meta:
        model = Referral
        form = NameSearchForm
        fields: tuple[str, ...] = ()
