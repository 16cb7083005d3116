"""A placement has begun, and not all have signed its work agreement: the job consultant (D15, D47)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.db.models import Exists, Min, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys, of_courses, owed_by
from cases.deadlines.links import section_of_page
from cases.models import CourseFunction
from companies.models import Placement, PlacementKind, WorkAgreement
from jobfirst.values.dates import DAY
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


class BegunPlacement(NamedTuple):
    """The days of a placement that needs a work agreement, and the day on which all had signed one."""

    starts_on: datetime.date
    last_day: datetime.date | None
    sealed_on: datetime.date | None


def due_dates(placements: Collection[BegunPlacement]) -> list[DueDate]:
    """Return the first days without a signed agreement, each shown from then until all have signed, or the
    placement is over; placements that begin on the same day are one."""
    shown_to: dict[datetime.date, list[datetime.date | None]] = defaultdict(list)
    for placement in placements:
        sealed_before = None if placement.sealed_on is None else placement.sealed_on - DAY
        ends = [day for day in (placement.last_day, sealed_before) if day is not None]
        last = min(ends, default=None)
        if last is None or last >= placement.starts_on:
            shown_to[placement.starts_on].append(last)
    return [
        DueDate(first, first, None if None in lasts else max(day for day in lasts if day is not None))
        for first, lasts in sorted(shown_to.items())
    ]


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe: internships, and placements of other kinds with a work agreement."""
    placements = _placements(keys)

    def of_course(course: CourseDays, _terms: TrialTerms) -> list[DueDate]:
        return due_dates(placements.get(course.pk, ()))

    return owed_by(keys, KIND.code, of_course)


def _placements(keys: CourseKeys) -> dict[int, list[BegunPlacement]]:
    agreements = WorkAgreement.objects.current().filter(placement=OuterRef("pk"))
    rows = (
        of_courses(Placement.objects.filter(Q(kind=PlacementKind.INTERNSHIP) | Exists(agreements)), keys)
        .order_by()
        .annotate(sealed_on=Min("agreements__seal__sealed_on"))
        .values_list("course_id", "starts_on", "planned_end_on", "ended_on", "sealed_on")
    )
    placements: dict[int, list[BegunPlacement]] = defaultdict(list)
    for course, starts_on, planned_end_on, ended_on, sealed_on in rows:
        placements[course].append(BegunPlacement(starts_on, ended_on or planned_end_on, sealed_on))
    return placements


KIND = DeadlineKind(
    code="agreement_unsigned",
    label=_("A placement has begun without a signed work agreement"),
    task=_("The work agreement is signed by all"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.JOB_CONSULTANT,),
    find=find,
    link=section_of_page("placements"),
    in_pause=InPause.MAY_BE_SUSPENDED,
    follows=("agreement_ending",),
)
