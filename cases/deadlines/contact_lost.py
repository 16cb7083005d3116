"""The citizen cannot be reached, by another channel either: project leader and course owner (D49)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from cases.deadlines.facts import CourseKeys
from cases.deadlines.failed_attempts import owed_by_attempts
from cases.deadlines.links import section_of_page
from cases.models import CourseFunction
from cases.rules.failed_contacts import AttemptRow
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.models import SubjectType


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe."""
    return owed_by_attempts(keys, KIND.code, AttemptRow.lost)


KIND = DeadlineKind(
    code="contact_lost",
    label=_("The citizen cannot be reached"),
    subject_type=SubjectType.COURSE,
    functions=(Role.PROJECT_LEADER, CourseFunction.COURSE_OWNER),
    find=find,
    link=section_of_page("contacts"),
    in_pause=InPause.MAY_BE_SUSPENDED,
)
