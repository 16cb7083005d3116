"""The reminder of placements that are about to end (D33)."""

import datetime
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.models import CourseFunction
from cases.reminder_kinds import Subjects, about, course_page, holders, running
from companies.models import AgreementState, Placement, PlacementKind, WorkAgreement
from jobfirst.dates import DAY
from reminders.extension_points import ReminderFact, ReminderKind
from reminders.models import SubjectType


def agreement_ending(on: datetime.date, subjects: Subjects = None) -> Iterator[ReminderFact]:
    """D33: to the job consultant, while a placement is planned to end within 14 days (a term).

    For internships and placements with a work agreement; the last day is included, a renewed placement is
    left out. Due on its last day.
    """
    agreements = WorkAgreement.objects.filter(placement=OuterRef("pk")).exclude(state=AgreementState.REPLACED)
    ending = Placement.objects.ending(
        on, on + TrialTerms.objects.in_force_or_first(on).agreement_lead_days * DAY
    ).filter(Q(kind=PlacementKind.INTERNSHIP) | Exists(agreements))
    ends: dict[int, set[datetime.date]] = {}
    for course_id, last in about(ending, subjects).values_list("course_id", "planned_end_on").order_by():
        if last is not None:
            ends.setdefault(course_id, set()).add(last)
    consultants = holders(on, CourseFunction.JOB_CONSULTANT, subjects=subjects)
    for course in running(on, subjects):
        for last in ends.get(course.pk, ()):
            yield from (ReminderFact(course.subject, user, last) for user in consultants.get(course.pk, ()))


KINDS = (
    ReminderKind(
        "agreement_ending",
        _("An internship or work agreement is ending"),
        SubjectType.COURSE,
        agreement_ending,
        course_page,
    ),
)
