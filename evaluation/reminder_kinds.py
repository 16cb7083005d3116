"""The reminder of enrolment (D33)."""

import datetime
from collections.abc import Collection, Iterator

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, TrialTerms
from cases.rules.eligibility import last_day_of_enrolment
from evaluation.rules.enrolment import is_behind
from jobfirst.dates import DateSpan
from randomization.models import Allocation
from reminders import policy
from reminders.extension_points import Fact, Kind
from reminders.models import SubjectType


def enrolment_behind(on: datetime.date, subjects: Collection[str] | None = None) -> Iterator[Fact]:
    """D33: the project's leaders, while fewer participants are drawn than an even pace towards the target
    count would have, less a slack (a term). Due on the last day of enrolment (D3), after which it ends."""
    terms = list(TrialTerms.objects.order_by("-valid_from"))
    slack = TrialTerms.on(on).enrolment_slack_percent
    drawn = Allocation.objects.participants().filter(allocated_on__lte=on).order_by()
    enrolled = dict(drawn.values_list("project_id").annotate(count=Count("pk")))
    leaders = policy.project_leaders()
    projects = Project.objects.filter(starts_on__lte=on)
    if subjects is not None:
        projects = projects.filter(slug__in=subjects)
    for project in projects:
        in_force = next((one for one in terms if one.valid_from <= project.starts_on), terms[-1])
        last = last_day_of_enrolment(DateSpan(project.starts_on, project.ends_on), in_force)
        if on <= last and is_behind(
            enrolled.get(project.pk, 0),
            project.target_count,
            first=project.starts_on,
            last=last,
            on=on,
            slack_percent=slack,
        ):
            yield from (Fact(project.slug, user, last) for user in leaders.get(project.pk, ()))


def front_page(slug: str) -> str:
    """A leader's front page is the project's own figures."""
    return reverse("home")


KINDS = (
    Kind(
        "enrolment_behind",
        _("Enrolment is behind schedule"),
        SubjectType.PROJECT,
        enrolment_behind,
        front_page,
    ),
)
