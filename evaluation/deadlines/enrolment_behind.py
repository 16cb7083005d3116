"""Enrolment is behind schedule: the project's leaders (D3, D33)."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, TrialTerms
from accounts.roles import Role
from evaluation.rules.enrolment import is_behind
from jobfirst.values.dates import DAY, DateSpan, in_force_or_first
from randomization.draw.enrolment import last_days_of_draw
from randomization.models import Allocation
from reminders.extension_points import DeadlineKind, Owed
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate, joined


def due_dates(
    enrolment: DateSpan,
    target: int,
    drawn: Mapping[datetime.date, int],
    slack_percent: Mapping[datetime.date, int],
) -> list[DueDate]:
    """Return the stretches of days on which enrolment is behind, due on its last day.

    `drawn` counts participants by the day of the draw; `slack_percent` has every day of the enrolment.
    """
    days = []
    enrolled = 0
    earlier = sum(count for day, count in drawn.items() if day < enrolment.first)
    for offset in range(enrolment.days):
        day = enrolment.first + offset * DAY
        enrolled += drawn.get(day, 0)
        if is_behind(earlier + enrolled, target, span=enrolment, on=day, slack_percent=slack_percent[day]):
            days.append(DueDate(enrolment.last_day, day, day))
    return joined(days)


def find(slugs: Collection[str]) -> Iterator[Owed]:
    """Yield what the projects owe."""
    projects = Project.objects.filter(slug__in=slugs).order_by("pk")
    terms = list(TrialTerms.objects.all())
    last_days = last_days_of_draw(projects, terms)
    drawn: dict[int, Counter[datetime.date]] = defaultdict(Counter)
    allocations = Allocation.objects.participants().filter(project__in=projects).order_by()
    for project_id, day in allocations.values_list("project_id", "allocated_on"):
        drawn[project_id][day] += 1
    for project in projects:
        enrolment = DateSpan(project.starts_on, last_days[project.pk])
        slack = {
            day: in_force_or_first(terms, day).enrolment_slack_percent
            for day in (enrolment.first + offset * DAY for offset in range(enrolment.days))
        }
        for due_date in due_dates(enrolment, project.target_count, drawn[project.pk], slack):
            yield Owed(project.slug, project.pk, due_date)


def front_page(_slug: str) -> str:
    """Return the path of a leader's front page, the project's own figures."""
    return reverse("home")


KIND = DeadlineKind(
    code="enrolment_behind",
    label=_("Enrolment is behind schedule"),
    subject_type=SubjectType.PROJECT,
    functions=(Role.PROJECT_LEADER,),
    find=find,
    link=front_page,
)
