"""What `cases` itself requires of a course before its next phase (D10)."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.extension_points import PhaseRequirement
from cases.models import Course, JobGoal
from cases.rules.phases import Phase


def _url(course: Course) -> str:
    return reverse("cases:goals", args=[course.public_id])


JOB_GOALS = PhaseRequirement(
    key="job_goals",
    phase=Phase.INTERNSHIP,
    order=10,
    label=_("Job goals"),
    is_met=Exists(JobGoal.objects.filter(course=OuterRef("pk"))),
    url=_url,
)
