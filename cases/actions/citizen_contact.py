"""How the citizen is reached: the course's contact information."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.links.actions import send_to_new_address
from cases.actions.checks import changed, check_running, locked
from cases.models import CitizenContact, Course
from jobfirst.kit.versioned import StaleError


@transaction.atomic
def update_citizen_contact(
    course: Course, values: Mapping[str, Any], *, version: int | None = None
) -> CitizenContact:
    """Save the contact information of a running course; the first save makes the row.

    Signed links that went to an earlier address are revoked, and go to the new one. `version` is that of the
    form, 0 when there was no row: `StaleError` when somebody has saved meanwhile.
    """
    check_running(locked(course))
    contact = CitizenContact.objects.select_for_update().filter(course=course).first()
    if version is not None and version != (contact.version if contact else 0):
        raise StaleError(contact, contact.version if contact else 0)
    if contact is None:
        return CitizenContact.objects.create(course=course, **values)
    address = (contact.email, contact.phone)
    changed(contact, dict(values))
    if (contact.email, contact.phone) != address:
        send_to_new_address(course.public_id, now=timezone.now())
    return contact
