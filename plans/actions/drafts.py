"""The draft of a plan for job: what a user has typed and not saved yet."""

import uuid
from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from cases.actions.checks import check_running, locked
from cases.models import Course
from plans.models import PlanDraft


@transaction.atomic
def save_draft(
    course: Course, values: Mapping[str, str], *, by: User, submission: uuid.UUID | None = None
) -> PlanDraft | None:
    """Keep the form's texts as the user's draft of the course's plan; the last ones count.

    None when the form with this token was saved as a plan meanwhile: nothing of it is unfinished then.
    """
    course = locked(course)
    check_running(course)
    if submission is not None and course.plans.filter(submission=submission).exists():
        return None
    draft, _is_new = PlanDraft.objects.update_or_create(
        course=course, user=by, defaults={"values": dict(values)}
    )
    return draft


def discard_draft(course: Course, *, by: User) -> None:
    """Delete the user's draft, if any."""
    PlanDraft.objects.filter(course=course, user=by).delete()
