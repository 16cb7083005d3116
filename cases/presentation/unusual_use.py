"""Unusual use of the system by person and day, as the leader and the administrator see it."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from audit.usage import SHOWN_DAYS, Usage, days_of_use, moment_of_the_database, unusual_days


@dataclass(frozen=True)
class UnusualUseRow:
    """What a person did on a day, how often, how often is usual, and how often a limit stopped it."""

    day: datetime.date
    person: str
    usage: str
    count: int
    usual: int
    stopped: int


def recent_unusual_use(
    people: QuerySet[User], now: datetime.datetime | None = None, days: int = SHOWN_DAYS
) -> list[UnusualUseRow]:
    """Return the unusual use of these people in the last days (today included), the newest first.

    `now` is the time of the database: it dates what is counted. Three queries at most.
    """
    now = now or moment_of_the_database()
    names = {person.pk: str(person) for person in people}
    first = timezone.localtime(now).date() - datetime.timedelta(days=days - 1)
    return [
        UnusualUseRow(
            day=row.use.day,
            person=names[row.use.user_id],
            usage=str(Usage(row.use.usage).label),
            count=row.use.count,
            usual=row.usual,
            stopped=row.use.stopped,
        )
        for row in unusual_days(days_of_use(names, now), first)
    ]
