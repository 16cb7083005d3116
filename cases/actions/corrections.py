"""Mending what was written: a contact registered wrongly, and the profile that grows with the course.

The history of the database keeps what stood before (`audit.history`).
"""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, check_day, check_running, locked
from cases.actions.reminding import reminds
from cases.models import Course, MentorContact
from jobfirst.kit.versioned import ensure_fresh


@reminds
@transaction.atomic
def correct_contact(
    contact: MentorContact,
    *,
    held_on: datetime.date,
    citizen_present: bool,
    channel: str,
    note: str,
    version: int | None = None,
    not_after: datetime.date | None = None,
    today: datetime.date | None = None,
) -> MentorContact:
    """Write a contact anew. `StaleError` when somebody saved it since `version` was read."""
    course = locked(contact.course)
    current = MentorContact.objects.get(pk=contact.pk)
    ensure_fresh(current, version)
    check_day(course, "held_on", held_on, not_after)
    changed(
        current, {"held_on": held_on, "citizen_present": citizen_present, "channel": channel, "note": note}
    )
    return current


@reminds
@transaction.atomic
def withdraw_contact(contact: MentorContact, *, by: User, today: datetime.date | None = None) -> None:
    """Take back a contact that was registered by mistake; only who registered it may.

    Nothing happens when it is gone already: the same said twice is said once.
    """
    locked(contact.course)
    current = MentorContact.objects.filter(pk=contact.pk).first()
    if current is None:
        return
    if current.registered_by_id != by.pk:
        raise ValidationError(
            _("Only the person who registered the contact can take it back."), code="not_own"
        )
    current.delete()


@transaction.atomic
def update_profile(
    course: Course,
    *,
    profile: str,
    cv_updated_on: datetime.date | None,
    version: int | None = None,
    not_after: datetime.date | None = None,
) -> Course:
    """Write the citizen's dreams, wishes and resources, and when the CV was last updated (D10).

    `StaleError` when somebody saved the course since `version` was read.
    """
    current = locked(course)
    ensure_fresh(current, version)
    check_running(current)
    if cv_updated_on is not None and not_after is not None and cv_updated_on > not_after:
        raise ValidationError(
            {"cv_updated_on": ValidationError(_("The day lies in the future."), code="future")}
        )
    changed(current, {"profile": profile, "cv_updated_on": cv_updated_on})
    return current
