"""Several attempts failed by one channel: the mentor is to try another one (D49)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from cases.deadlines.facts import CourseKeys
from cases.deadlines.failed_attempts import owed_by_attempts
from cases.deadlines.links import section_of_page
from cases.models import CourseFunction
from cases.rules.failed_contacts import AttemptRow
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.models import SubjectType


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe."""
    return owed_by_attempts(keys, KIND.code, AttemptRow.other_channel_due)


KIND = DeadlineKind(
    code="other_channel_due",
    label=_("Try to reach the citizen in another way"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.MENTOR,),
    find=find,
    link=section_of_page("contacts"),
    in_pause=InPause.MAY_BE_SUSPENDED,
)
