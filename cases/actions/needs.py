"""Needs, parallel efforts and accommodations of a course (D11)."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions.checks import changed, check_day, check_running, locked, refuse, sent_before
from cases.models import Accommodation, Course, ParallelEffort, UncoveredNeed
from cases.rules.work_limits import WorkLimits
from jobfirst.kit.versioned import ensure_fresh


@transaction.atomic
def record_need(
    course: Course, *, description: str, noted_on: datetime.date, submission: uuid.UUID | None = None
) -> UncoveredNeed:
    """Record a need that nobody covers yet; it is listed until it is covered."""
    course = locked(course)
    earlier = sent_before(UncoveredNeed, course, submission, description=description, noted_on=noted_on)
    if earlier is not None:
        return earlier
    check_running(course)
    check_day(course, "noted_on", noted_on)
    return UncoveredNeed.objects.create(
        course=course, description=description, noted_on=noted_on, submission=submission
    )


@transaction.atomic
def cover_need(need: UncoveredNeed, *, covered_on: datetime.date, covered_how: str) -> UncoveredNeed:
    """Record when and how a need was covered. Idempotent: the same values again change nothing."""
    locked(need.course)
    need = UncoveredNeed.objects.select_related("course").get(pk=need.pk)
    if (need.covered_on, need.covered_how) == (covered_on, covered_how):
        return need
    if need.covered_on is not None:
        raise ValidationError(_("The need is already covered."), code="covered")
    if covered_on < need.noted_on:
        raise refuse("covered_on", _("The day lies before the need was noted."), "before_noted")
    changed(need, {"covered_on": covered_on, "covered_how": covered_how})
    return need


@transaction.atomic
def record_effort(
    course: Course,
    *,
    kind: str,
    description: str,
    coordinator: str,
    starts_on: datetime.date,
    ends_on: datetime.date | None = None,
    submission: uuid.UUID | None = None,
) -> ParallelEffort:
    """Record a parallel effort and who coordinates it. It may have begun before the course."""
    course = locked(course)
    earlier = sent_before(
        ParallelEffort,
        course,
        submission,
        kind=kind,
        description=description,
        coordinator=coordinator,
        starts_on=starts_on,
    )
    if earlier is not None:
        return earlier
    check_running(course)
    _check_order("ends_on", starts_on, ends_on)
    return ParallelEffort.objects.create(
        course=course,
        kind=kind,
        description=description,
        coordinator=coordinator,
        starts_on=starts_on,
        ends_on=ends_on,
        submission=submission,
    )


@transaction.atomic
def end_effort(
    effort: ParallelEffort, *, ends_on: datetime.date, version: int | None = None
) -> ParallelEffort:
    """Record the last day of a parallel effort, or correct it. `StaleError` when saved since `version`."""
    locked(effort.course)
    effort = ParallelEffort.objects.get(pk=effort.pk)
    ensure_fresh(effort, version)
    _check_order("ends_on", effort.starts_on, ends_on)
    if effort.ends_on != ends_on:
        changed(effort, {"ends_on": ends_on})
    return effort


@transaction.atomic
def record_accommodation(
    course: Course,
    *,
    description: str,
    from_on: datetime.date,
    until_on: datetime.date | None = None,
    limits: WorkLimits | None = None,
    submission: uuid.UUID | None = None,
) -> Accommodation:
    """Record an accommodation at the workplace, with its limits of the working hours; those in force are
    copied to the work agreement (D11)."""
    course = locked(course)
    earlier = sent_before(Accommodation, course, submission, description=description, from_on=from_on)
    if earlier is not None:
        return earlier
    check_running(course)
    _check_order("until_on", from_on, until_on)
    return Accommodation.objects.create(
        course=course,
        description=description,
        from_on=from_on,
        until_on=until_on,
        submission=submission,
        **vars(limits or WorkLimits()),
    )


@transaction.atomic
def limit_accommodation(
    accommodation: Accommodation, limits: WorkLimits, *, version: int | None = None
) -> Accommodation:
    """Set or correct the limits of an accommodation. `StaleError` when saved since `version`. Idempotent."""
    locked(accommodation.course)
    accommodation = Accommodation.objects.get(pk=accommodation.pk)
    ensure_fresh(accommodation, version)
    if accommodation.limits != limits:
        changed(accommodation, vars(limits))
    return accommodation


@transaction.atomic
def end_accommodation(
    accommodation: Accommodation, *, until_on: datetime.date, version: int | None = None
) -> Accommodation:
    """Record the last day of an accommodation, or correct it. `StaleError` when saved since `version`."""
    locked(accommodation.course)
    accommodation = Accommodation.objects.get(pk=accommodation.pk)
    ensure_fresh(accommodation, version)
    _check_order("until_on", accommodation.from_on, until_on)
    if accommodation.until_on != until_on:
        changed(accommodation, {"until_on": until_on})
    return accommodation


def _check_order(field: str, first: datetime.date, last: datetime.date | None) -> None:
    if last is not None and last < first:
        raise refuse(field, _("The end must not be before the start."), "order")
