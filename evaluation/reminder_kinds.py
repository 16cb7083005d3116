"""The reminder of enrolment (D33)."""

import datetime
from collections.abc import Collection, Iterator

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, TrialTerms
from evaluation.rules.enrolment import is_behind
from jobfirst.dates import DateSpan
from randomization.draw.enrolment import last_days_of_draw
from randomization.models import Allocation
from reminders import policy
from reminders.extension_points import Fact, Kind
from reminders.models import SubjectType


def enrolment_behind(on: datetime.date, subjects: Collection[str] | None = None) -> Iterator[Fact]:
    """D33: the project's leaders, while fewer participants are drawn than an even pace towards the target
    count would have, less a slack (a term). Due on the last day of enrolment (D3), after which it ends."""
    slack = TrialTerms.objects.in_force_or_first(on).enrolment_slack_percent
    drawn = Allocation.objects.participants().filter(allocated_on__lte=on).order_by()
    enrolled = dict(drawn.values_list("project_id").annotate(count=Count("pk")))
    leaders = policy.project_leaders()
    projects = Project.objects.filter(starts_on__lte=on)
    if subjects is not None:
        projects = projects.filter(slug__in=subjects)
    last_days = last_days_of_draw(projects)
    for project in projects:
        span = DateSpan(project.starts_on, last_days[project.pk])
        if on in span and is_behind(
            enrolled.get(project.pk, 0), project.target_count, span=span, on=on, slack_percent=slack
        ):
            recipients = leaders.get(project.pk, ())
            yield from (Fact(project.slug, user, last_days[project.pk]) for user in recipients)


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
