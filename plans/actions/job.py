"""Making the plan for job (D21): every change of its content is a new version."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import TrialTerms, User
from cases.actions import extend_retention
from cases.actions.checks import check_running, locked, refuse, sent_before
from cases.actions.deadlines import updates_deadlines
from cases.models import Course
from jobfirst.kit.days import LONG_DATE, written_day
from jobfirst.kit.versioned import ensure_fresh
from plans.actions.drafts import discard_draft
from plans.models import PlanForJob
from plans.rules.timing import covers_until, earliest_day


@updates_deadlines()
@transaction.atomic
def save_plan(
    course: Course,
    fields: Mapping[str, Any],
    *,
    made_on: datetime.date,
    by: User | None = None,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> PlanForJob:
    """Make the plan for job, or its next version (D21).

    It can be made from some days before the first weeks of internship (a term) are over. It covers the
    trial's number of months, must aim at ordinary hours, and states until when the mentor support continues
    or why it ends. The retention window (D19) is extended until then, never shortened.

    `fields` is what users wrote; names are copied as they are now. The user's draft is deleted. Idempotent:
    when nothing differs from the newest version, that one is returned. `version` is the number that the form
    was opened on (0 for none).
    """
    course = locked(course)
    earlier = sent_before(PlanForJob, course, submission)
    if earlier is not None:
        return earlier
    check_running(course)
    terms = TrialTerms.objects.in_force_or_first(made_on)
    _check_time(course, made_on, terms)
    latest = course.plans.first()
    ensure_fresh(latest or PlanForJob(course=course, version=0), version)
    fields = _checked(course, _tidied(fields))
    content = {**fields, **copied(course, fields["starts_on"], staff=course.staff_on(made_on), terms=terms)}
    if by is not None:
        discard_draft(course, by=by)
    if latest is not None and latest.says(content):
        return latest
    plan = PlanForJob.next_version(
        latest, content, made_on=made_on, by=by, course=course, submission=submission
    )
    plan.save()
    extend_retention(course, plan.mentor_until)
    return plan


def copied(
    course: Course, starts_on: datetime.date, *, staff: Mapping[str, User], terms: TrialTerms
) -> dict[str, Any]:
    """Return the values that a version copies from other rows; it prints them unchanged ever after."""
    return {
        **PlanForJob.copied_names(course, staff),
        "ends_on": covers_until(starts_on, months=terms.plan_months),
    }


def _check_time(course: Course, made_on: datetime.date, terms: TrialTerms) -> None:
    """Refuse a plan before the first day on which it may be made (D21)."""
    earliest = earliest_day(course.continued_from, lead_days=terms.plan_lead_days)
    if earliest is None or made_on < earliest:
        code = "no_internship" if earliest is None else "too_early"
        raise ValidationError(too_early(earliest, weeks=terms.retention_weeks), code=code)


def too_early(earliest: datetime.date | None, *, weeks: int) -> str:
    """Return why there can be no plan for job yet; `weeks` are the first weeks of internship (a term)."""
    if earliest is None:
        return _("The plan for job is made after the first internship, which has not been agreed yet.")
    words = _("The plan for job is made after the first %(weeks)d weeks of internship: from %(day)s on.")
    return words % {"weeks": weeks, "day": written_day(earliest, LONG_DATE)}


def _tidied(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with only what is asked: of the effort chosen, and of the mentor's part either until
    when and what, or why not."""
    unwritten = PlanForJob()
    empty = {
        name: getattr(unwritten, name)
        for effort, names in PlanForJob.OF_EFFORT.items()
        if effort != fields["effort"]
        for name in names
    }
    if fields["mentor_continues"]:
        return {**fields, **empty, "mentor_end_reason": ""}
    return {**fields, **empty, "mentor_until": None, "mentor_tasks": ""}


def _checked(course: Course, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields; ValidationError for days out of order and what the plan must state but does not."""
    if fields["starts_on"] < course.started_on:
        raise refuse("starts_on", _("The day lies before the course's start."), "before_start")
    if fields["ordinary_hours_aim"] <= 0:
        raise refuse("ordinary_hours_aim", _("A plan for job must aim at ordinary hours."), "no_hours")
    if fields["mentor_continues"]:
        if fields["mentor_until"] is None:
            raise refuse("mentor_until", _("Write until when the mentor support continues."), "no_day")
        if fields["mentor_until"] < fields["starts_on"]:
            raise refuse("mentor_until", _("The end must not be before the start."), "order")
        if not fields["mentor_tasks"].strip():
            raise refuse("mentor_tasks", _("Write the mentor's extent and tasks."), "no_tasks")
    first, last = fields["subsidy_from"], fields["subsidy_until"]
    if first is not None and last is not None and last < first:
        raise refuse("subsidy_until", _("The end must not be before the start."), "order")
    if not fields["mentor_continues"] and not fields["mentor_end_reason"].strip():
        raise refuse("mentor_end_reason", _("Write why the mentor support ends."), "no_reason")
    return fields
