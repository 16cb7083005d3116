"""The job goals in versions (D10)."""

import datetime
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import check_day, check_running, locked, refuse, sent_before
from cases.actions.deadlines import updates_elements
from cases.models import Course, JobGoal
from jobfirst.kit.versioned import ensure_latest


@updates_elements(2)
@transaction.atomic
def add_job_goal_version(
    course: Course,
    *,
    functions: str = "",
    workplaces: str = "",
    reason: str = "",
    set_on: datetime.date,
    by: User | None = None,
    version: int | None = None,
    submission: uuid.UUID | None = None,
    not_after: datetime.date | None = None,
) -> JobGoal:
    """Save a new version of the job goals (D10), with a reason for the change from the second version on.

    Idempotent: when nothing differs from the newest version, that one is returned. `version` is the number
    that the form was opened on (0 for none): `StaleError` when there is a newer one.
    """
    course = locked(course)
    earlier = sent_before(
        JobGoal, course, submission, functions=functions, workplaces=workplaces, set_on=set_on
    )
    if earlier is not None:
        return earlier
    check_running(course)
    check_day(course, "set_on", set_on, not_after)
    latest = course.job_goals.order_by("-number").first()
    ensure_latest(latest, latest.number if latest else 0, version)
    if latest is not None and (latest.functions, latest.workplaces) == (functions, workplaces):
        return latest
    _check_words(functions, workplaces, reason, is_change=latest is not None)
    return JobGoal.objects.create(
        course=course,
        number=1 if latest is None else latest.number + 1,
        functions=functions,
        workplaces=workplaces,
        reason=reason,
        set_on=set_on,
        set_by=by,
        submission=submission,
    )


def _check_words(functions: str, workplaces: str, reason: str, *, is_change: bool) -> None:
    """Refuse a goal without a job function and without a workplace, and a change without a reason."""
    if not functions.strip() and not workplaces.strip():
        raise refuse("functions", _("Write at least one job function or one workplace."), "empty")
    if is_change and not reason.strip():
        raise refuse("reason", _("Write why the job goal is changed."), "no_reason")
