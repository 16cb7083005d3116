"""Opening a course after the draw, its transitions (D12, D19), and a colleague's course with a reason."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import TrialTerms
from cases import phases, windows
from cases.actions.checks import changed, check_day, locked, refuse
from cases.models import ColleagueOpening, Course, Referral
from cases.models.following import MeetingState


@transaction.atomic(savepoint=False)
def open_course(referral: Referral, started_on: datetime.date, public_id: uuid.UUID | None = None) -> Course:
    """Open the participant's course on the day of the draw (D5, D12). Called by the draw alone.

    The referral must be accepted; a citizen has at most one course (IntegrityError otherwise).
    """
    if referral.project_id is None or referral.municipality_id is None:
        raise ValueError("only an accepted referral opens a course")
    return Course.objects.create(
        public_id=public_id or uuid.uuid4(),
        citizen_id=referral.citizen_id,
        referral=referral,
        project_id=referral.project_id,
        municipality_id=referral.municipality_id,
        started_on=started_on,
    )


@transaction.atomic
def begin_internship(course: Course, starts_on: datetime.date) -> Course:
    """Record an internship of the course: the first one opens the internship phase (D12, D19).

    Sets the day the continued effort begins and the end of the retention window by the terms in force on
    that day. A later internship changes nothing; an earlier one, recorded afterwards, moves the dates (an
    extension of the mentor support stays). One that ran before the draw counts from the draw.
    """
    course = locked(course)
    first = max(starts_on, course.started_on)
    if course.internship_from is not None and course.internship_from <= first:
        return course
    terms = TrialTerms.on(first)
    changed(
        course,
        {
            "internship_from": first,
            "continued_from": phases.continued_from(first, weeks=terms.retention_weeks),
            "retention_until": windows.retention_window_end(
                first,
                weeks=terms.retention_weeks,
                months=terms.retention_months,
                extended_to=_extension(course),
            ),
        },
    )
    return course


@transaction.atomic
def extend_retention(course: Course, until: datetime.date) -> Course:
    """Let the mentor support go on until a day, as the plan for job says (D19, D21); never shortens it."""
    course = locked(course)
    if course.retention_until is None:
        raise ValidationError(_("No internship has begun."), code="no_internship")
    if until > course.retention_until:
        changed(course, {"retention_until": until})
    return course


def _extension(course: Course) -> datetime.date | None:
    """The end that a plan for job gave the window, if it is later than the rule's own."""
    if course.internship_from is None or course.retention_until is None:
        return None
    terms = TrialTerms.on(course.internship_from)
    by_rule = windows.retention_window_end(
        course.internship_from, weeks=terms.retention_weeks, months=terms.retention_months
    )
    return course.retention_until if by_rule is None or course.retention_until > by_rule else None


@transaction.atomic
def end_course(
    course: Course,
    *,
    ended_on: datetime.date,
    reason: str,
    outcome: str = "",
    not_after: datetime.date | None = None,
) -> Course:
    """End the course with its reason and outcome (D12); meetings booked for later are cancelled.

    The functions stay with their holders, who may still read the course. Said twice alike it is said once.
    """
    course = locked(course)
    if (course.ended_on, course.end_reason) == (ended_on, reason):
        return course
    if course.ended_on is not None:
        raise ValidationError(_("The course has ended."), code="ended")
    if not reason:
        raise refuse("reason", _("Say why the course ends."), "no_reason")
    check_day(course, "ended_on", ended_on, not_after)
    changed(course, {"ended_on": ended_on, "end_reason": reason, "outcome": outcome})
    for meeting in course.meetings.filter(state=MeetingState.BOOKED):
        if meeting.planned_at and timezone.localdate(meeting.planned_at) >= ended_on:
            changed(meeting, {"state": MeetingState.CANCELLED})
    return course


@transaction.atomic
def open_colleagues_course(course: Course, user: Any, reason: str) -> ColleagueOpening:
    """Give `user` sight of a colleague's course until the end of the day, with the stated reason.

    The project leader sees the opening and its reason (DESIGN, Access).
    """
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return ColleagueOpening.objects.create(
        course=course, user=user, reason=reason, ends_at=midnight + datetime.timedelta(days=1)
    )
