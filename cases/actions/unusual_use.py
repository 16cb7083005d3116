"""Tell project leaders of unusual use (audit/usage.py)."""

import datetime

from django.utils import timezone

from accounts.models import Membership, Project, User
from accounts.roles import Role
from audit.usage import days_of_use, moment_of_the_database, unusual_days
from cases.notices import UNUSUAL_USE
from reminders.notices import News, tell_all


def tell_leaders(on: datetime.date, now: datetime.datetime | None = None) -> None:
    """Store the news of the day `on` for the leaders of each project in which somebody used the system
    unusually yesterday or today. Idempotent within a day.

    `now` is the time of the database, which dates what is counted.
    """
    now = now or moment_of_the_database()
    yesterday = timezone.localtime(now).date() - datetime.timedelta(days=1)
    news = []
    for project in Project.objects.filter(memberships__role=Role.PROJECT_LEADER).distinct():
        memberships = Membership.objects.filter(project=project)
        people = memberships.order_by().values_list("user", flat=True).distinct()
        if unusual_days(days_of_use(list(people), now), yesterday):
            leaders = User.objects.filter(memberships__in=memberships.filter(role=Role.PROJECT_LEADER))
            news += [News(project.slug, leader, on) for leader in leaders.distinct()]
    tell_all(UNUSUAL_USE, news)
