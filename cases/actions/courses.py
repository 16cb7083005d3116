"""Opening a course after the draw, and a colleague's course with a reason."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.models import ColleagueOpening, Course, Referral


@transaction.atomic
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
def open_colleagues_course(course: Course, user: Any, reason: str) -> ColleagueOpening:
    """Give `user` sight of a colleague's course until the end of the day, with the stated reason.

    The project leader sees the opening and its reason (DESIGN, Access).
    """
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return ColleagueOpening.objects.create(
        course=course, user=user, reason=reason, ends_at=midnight + datetime.timedelta(days=1)
    )
