"""An internship or work agreement is ending: the job consultant, in the days before (D14, D15, D33)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys, of_courses, owed_by
from cases.deadlines.links import section_of_page
from cases.models import CourseFunction
from companies.models import AgreementState, Placement, PlacementKind, WorkAgreement
from jobfirst.values.dates import DAY
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


def due_dates(planned_ends: Collection[datetime.date], *, lead_days: int) -> list[DueDate]:
    """Return the planned ends that nothing renews, each shown from `lead_days` before up to its day."""
    return [DueDate(end, end - lead_days * DAY, end) for end in planned_ends]


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe: internships, and placements of other kinds with a work agreement."""
    ends = _planned_ends(keys)

    def of_course(course: CourseDays, terms: TrialTerms) -> list[DueDate]:
        return due_dates(ends.get(course.pk, ()), lead_days=terms.agreement_lead_days)

    return owed_by(keys, KIND.code, of_course)


def _planned_ends(keys: CourseKeys) -> dict[int, set[datetime.date]]:
    agreements = WorkAgreement.objects.filter(placement=OuterRef("pk")).exclude(state=AgreementState.REPLACED)
    placements = Placement.objects.filter(
        Q(kind=PlacementKind.INTERNSHIP) | Exists(agreements),
        ended_on__isnull=True,
        renewed_by__isnull=True,
        planned_end_on__isnull=False,
    )
    ends: dict[int, set[datetime.date]] = defaultdict(set)
    rows = of_courses(placements, keys).order_by().values_list("course_id", "planned_end_on")
    for course, planned_end_on in rows:
        ends[course].add(planned_end_on)
    return ends


KIND = DeadlineKind(
    code="agreement_ending",
    label=_("An internship or work agreement is ending"),
    task=_("An internship or work agreement ends"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.JOB_CONSULTANT,),
    find=find,
    link=section_of_page("placements"),
    in_pause=InPause.MAY_BE_SUSPENDED,
)
