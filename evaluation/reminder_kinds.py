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
from reminders.extension_points import ReminderFact, ReminderKind
from reminders.models import SubjectType


def enrolment_behind(on: datetime.date, subjects: Collection[str] | None = None) -> Iterator[ReminderFact]:
    """Yield the facts of projects behind schedule, for their leaders (D33): fewer participants are drawn than
    at an even pace towards the target count, less a slack (a term). Due on the last day of enrolment (D3)."""
    slack = TrialTerms.objects.in_force_or_first(on).enrolment_slack_percent
    participants = Allocation.objects.participants().filter(allocated_on__lte=on).order_by()
    enrolled = dict(participants.values_list("project_id").annotate(count=Count("pk")))
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
            yield from (ReminderFact(project.slug, user, last_days[project.pk]) for user in recipients)


def front_page(slug: str) -> str:
    """Return the path of the front page, which for a leader is the project's dashboard."""
    return reverse("home")


KINDS = (
    ReminderKind(
        "enrolment_behind",
        _("Enrolment is behind schedule"),
        SubjectType.PROJECT,
        enrolment_behind,
        front_page,
    ),
)
