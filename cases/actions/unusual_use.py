"""Tell project leaders of unusual use (audit/usage.py)."""

import datetime

from django.utils import timezone

from accounts.models import Project, User
from accounts.policy import leaders_of
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
    for project in Project.objects.all():
        leaders = leaders_of(project)
        people = User.objects.filter(memberships__project=project).distinct().values_list("pk", flat=True)
        if leaders and unusual_days(days_of_use(list(people), now), yesterday):
            news += [News(project.slug, leader, on) for leader in leaders]
    tell_all(UNUSUAL_USE, news)
