"""The citizen's word on the activity plan and on the plan for job (D55)."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import check_day, check_running, locked, refuse, sent_before
from cases.models import Course
from jobfirst.kit.versioned import ensure_latest
from plans.models import CitizenWord, PlanSubject, WordAnswer


@transaction.atomic
def record_word(
    course: Course,
    *,
    subject: str,
    answer: str,
    why: str,
    said_on: datetime.date,
    version: int | None = None,
    by: User | None = None,
    submission: uuid.UUID | None = None,
    not_after: datetime.date | None = None,
) -> CitizenWord:
    """Record what the citizen says of a plan; of the plan for job, of its newest version.

    `version` is the number that was shown: StaleError when there is a later one.
    """
    course = locked(course)
    content = {"subject": subject, "answer": answer, "why": why, "said_on": said_on}
    earlier = sent_before(CitizenWord, course, submission, **content)
    if earlier is not None:
        return earlier
    check_running(course)
    check_day(course, "said_on", said_on, not_after)
    if answer == WordAnswer.DISAGREES and not why.strip():
        raise refuse("why", _("Write why the citizen disagrees."), "no_reason")
    plan = None
    if subject == PlanSubject.PLAN_FOR_JOB:
        plan = course.plans.first()
        if plan is None:
            raise ValidationError(_("There is no plan for job yet."), code="no_plan")
        ensure_latest(plan, plan.number, version)
    return CitizenWord.objects.create(
        course=course,
        plan=plan,
        recorded_by=by,
        recorded_by_name="" if by is None else str(by),
        submission=submission,
        **content,
    )
