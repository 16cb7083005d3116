"""The draft of a plan for job: what a user has typed and not saved yet."""

from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from cases.actions.checks import check_running, locked
from cases.models import Course
from plans.models import PlanDraft


@transaction.atomic
def save_draft(course: Course, values: Mapping[str, str], *, by: User) -> PlanDraft:
    """Keep the form's texts as the user's draft of the course's plan; the last ones count."""
    course = locked(course)
    check_running(course)
    draft, _is_new = PlanDraft.objects.update_or_create(
        course=course, user=by, defaults={"values": dict(values)}
    )
    return draft


def discard_draft(course: Course, *, by: User) -> None:
    """Delete the user's draft, if any."""
    PlanDraft.objects.filter(course=course, user=by).delete()
