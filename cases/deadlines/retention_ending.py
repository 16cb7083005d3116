"""The retention window is ending: the course owner, in its last days, the last one included (D19, D33)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys, owed_by
from cases.deadlines.links import section_of_page
from cases.models import CourseFunction
from jobfirst.values.dates import DAY
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


def due_dates(course: CourseDays, terms: TrialTerms) -> list[DueDate]:
    """Return the window's last day, shown from the terms' number of days before it; none without a window."""
    end = course.retention_until
    return [] if end is None else [DueDate(end, end - terms.retention_lead_days * DAY, end)]


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe."""
    return owed_by(keys, KIND.code, due_dates)


KIND = DeadlineKind(
    code="retention_ending",
    label=_("The retention window is ending"),
    task=_("The retention window ends"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.COURSE_OWNER,),
    find=find,
    link=section_of_page("timeline"),
    in_pause=InPause.MAY_BE_SUSPENDED,
)
