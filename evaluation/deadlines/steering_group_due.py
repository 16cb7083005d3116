"""The steering group has not met this quarter: the project's leaders (D33)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from accounts.roles import Role
from cases.deadlines.facts import terms_periods
from evaluation.rules.steering_quarters import first_meeting_from, whole_quarters
from evaluation.steering.models import SteeringMeeting
from jobfirst.values.dates import DAY, DateSpan
from reminders.extension_points import DeadlineKind, Owed
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate, joined, shown_within


def due_dates(
    project_days: DateSpan, held: Collection[datetime.date], *, lead_days: int
) -> Iterator[DueDate]:
    """Yield what a project owes, given the days on which its steering group met.

    1. A meeting is due on the last day of every whole quarter of the project.
    2. It is shown from `lead_days` before that day.
    3. The first meeting from the quarter's first day on fulfils it: one in the quarter, or else the next one.
    4. Nothing is shown after the project's last day.
    """
    for quarter in whole_quarters(project_days):
        met_on = first_meeting_from(quarter.first, held)
        last = project_days.last_day if met_on is None else min(met_on - DAY, project_days.last_day)
        due_date = DueDate(quarter.last_day, quarter.last_day - lead_days * DAY, last)
        if not due_date.is_empty:
            yield due_date


def find(slugs: Collection[str]) -> Iterator[Owed]:
    """Yield what the projects owe; each row of terms counts on its own days."""
    projects = Project.objects.filter(slug__in=slugs).order_by("pk")
    held: dict[int, list[datetime.date]] = defaultdict(list)
    meetings = SteeringMeeting.objects.counting().filter(project__in=projects).order_by()
    rows = meetings.values_list("project_id", "day")  # type: ignore[misc]  # an annotation of counting()
    for project_id, day in rows:
        held[project_id].append(day)
    periods = terms_periods()
    for project in projects:
        days = DateSpan(project.starts_on, project.ends_on)
        shown_dates: list[DueDate] = []
        for period in periods:
            owed = due_dates(days, held[project.pk], lead_days=period.terms.steering_lead_days)
            shown_dates += shown_within(owed, period.days)
        for due_date in joined(shown_dates):
            yield Owed(project.slug, project.pk, due_date)


def steering_page(slug: str) -> str:
    """Return the path of the page of the project's steering group."""
    return f"{reverse('evaluation:steering')}?project={slug}"


KIND = DeadlineKind(
    code="steering_group_due",
    label=_("The steering group has not met this quarter"),
    task=_("The steering group is to meet"),
    subject_type=SubjectType.PROJECT,
    functions=(Role.PROJECT_LEADER,),
    find=find,
    link=steering_page,
)
