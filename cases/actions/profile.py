"""The citizen's profile (D10): dreams, wishes and resources, saved as they are written."""

import datetime

from django.db import transaction

from accounts.models import User
from cases.actions.checks import changed, check_running, locked
from cases.models import Course, ProfileSubject, ProfileText
from jobfirst.kit.versioned import ensure_latest


@transaction.atomic
def write_profile_text(
    course: Course,
    subject: ProfileSubject,
    text: str,
    *,
    by: User | None,
    today: datetime.date,
    version: int | None = None,
) -> ProfileText | None:
    """Save a text of the profile; return its version, None when there is still nothing to say.

    1. Idempotent: the same text again changes nothing.
    2. `version` is that of the form, 0 when there was no text: `StaleError` when somebody has saved since.
    3. What the same person wrote on the same day is changed; otherwise a new version is made.
    """
    course = locked(course)
    latest = course.profile_texts.filter(subject=subject).order_by("-number").first()
    check_running(course)
    text = text.strip()
    if text == (latest.text if latest else ""):
        return latest
    ensure_latest(latest, latest.version if latest else 0, version)
    if latest is not None and (latest.written_by, latest.written_on) == (by, today):
        changed(latest, {"text": text})
        return latest
    return ProfileText.objects.create(
        course=course,
        subject=subject,
        number=latest.number + 1 if latest else 1,
        version=latest.version + 1 if latest else 1,
        text=text,
        written_on=today,
        written_by=by,
    )
