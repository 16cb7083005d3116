"""What people do with the system that is counted per person: searches, openings, files taken out and in.

The records of access say how often: nothing is counted a second time. Moments are those of the database,
which every web host shares.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from statistics import median

from django.db import connection, models
from django.db.models import Case, Count, F, Q, When
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from audit.models import AccessOutcome, AccessRecord

#: The action of a request that was refused because a limit was met; `asked_for` is the usage.
LIMIT_ACTION = "limit"
NAME_SEARCH_ACTION, DOWNLOAD_ACTION, UPLOAD_ACTION = "search.name", "download", "upload"
EXPORT_ACTION = "list.export"


class Usage(models.TextChoices):
    CPR_SEARCH = "cpr_search", _("Searches by CPR number")
    NAME_SEARCH = "name_search", _("Searches by name")
    OPENING = "opening", _("Openings of colleagues' courses")
    DOWNLOAD = "download", _("Files fetched")
    UPLOAD = "upload", _("Files sent in")


#: The records that count, by usage.
ACTIONS = {
    Usage.CPR_SEARCH: ("course.find", "referral.check"),
    Usage.NAME_SEARCH: (NAME_SEARCH_ACTION,),
    Usage.OPENING: ("course.open",),
    Usage.DOWNLOAD: (DOWNLOAD_ACTION, EXPORT_ACTION, "packages.make", "packages.fetch"),
    Usage.UPLOAD: (UPLOAD_ACTION,),
}

#: So much on a day is nothing unusual, whatever the person does on others.
ALWAYS_USUAL = {
    Usage.CPR_SEARCH: 20,
    Usage.NAME_SEARCH: 60,
    Usage.OPENING: 6,
    Usage.DOWNLOAD: 25,
    Usage.UPLOAD: 15,
}
#: Unusual is this many times what is usual.
FACTOR = 3
#: What is usual follows from the days of five weeks before; the page shows two weeks.
USUAL_DAYS, SHOWN_DAYS = 35, 14


def records_of(usage: Usage) -> Q:
    """Return the condition of the records that count for the usage."""
    counted = Q(action__in=ACTIONS[usage])
    return counted & Q(outcome=AccessOutcome.SHOWN) if usage == Usage.OPENING else counted


@dataclass(frozen=True)
class DayOfUse:
    """How often a person did something on a day, and how often a limit stopped them."""

    user_id: int
    usage: Usage
    day: datetime.date
    count: int
    stopped: int = 0


@dataclass(frozen=True)
class UnusualUse:
    """A day on which a person did something unusually often; `usual` is the number of an ordinary day."""

    use: DayOfUse
    usual: int


def days_of_use(user_ids: Collection[int], now: datetime.datetime) -> list[DayOfUse]:
    """Return what the users did in the last weeks before `now`, by day in Copenhagen. One query."""
    is_stopped = Q(action=LIMIT_ACTION)
    conditions = [When(records_of(usage), then=models.Value(usage.value)) for usage in Usage]
    rows = (
        AccessRecord.objects.filter(
            user__in=user_ids,
            at__gt=now - datetime.timedelta(days=USUAL_DAYS + SHOWN_DAYS),
            at__lte=now,
            action__in=[LIMIT_ACTION, *(action for actions in ACTIONS.values() for action in actions)],
        )
        .order_by()
        .annotate(
            usage=Case(*conditions, When(is_stopped, then=F("asked_for")), output_field=models.CharField()),
            day=TruncDate("at"),
        )
        .values("user_id", "usage", "day")
        .annotate(number=Count("pk", filter=~is_stopped), stopped=Count("pk", filter=is_stopped))
    )
    return [
        DayOfUse(row["user_id"], Usage(row["usage"]), row["day"], row["number"], row["stopped"])
        for row in rows
        if row["usage"] in Usage.values
    ]


def unusual_days(days: Collection[DayOfUse], first: datetime.date) -> list[UnusualUse]:
    """Return the days from `first` on that are unusual, the newest first.

    1. A day on which a limit stopped the person is unusual.
    2. So is one with more than `ALWAYS_USUAL` and at least FACTOR times what is usual.
    3. Usual is the median of the person's earlier days with such use; of a person without any the median of
       all the others' days; without those the number that is always usual.
    """
    by_person: dict[tuple[int, Usage], list[DayOfUse]] = defaultdict(list)
    by_usage: dict[Usage, list[DayOfUse]] = defaultdict(list)
    for day in days:
        by_person[day.user_id, day.usage].append(day)
        by_usage[day.usage].append(day)
    unusual = []
    for day in days:
        if day.day < first:
            continue
        usual = usual_number(day, by_person[day.user_id, day.usage], by_usage[day.usage])
        is_much = day.count > ALWAYS_USUAL[day.usage] and day.count >= FACTOR * usual
        if day.stopped or is_much:
            unusual.append(UnusualUse(day, usual))
    return sorted(
        unusual, key=lambda row: (row.use.day, row.use.count, row.use.user_id, row.use.usage), reverse=True
    )


def usual_number(day: DayOfUse, of_person: Collection[DayOfUse], of_all: Collection[DayOfUse]) -> int:
    """Return how often such use is usual on a day (`unusual_days`, step 3)."""
    earlier = [other.count for other in of_person if other.day < day.day]
    others = [other.count for other in of_all if other.user_id != day.user_id]
    numbers = earlier or others
    return round(median(numbers)) if numbers else min(day.count, ALWAYS_USUAL[day.usage])


def moment_of_the_database() -> datetime.datetime:
    """Return the time of the database, by which the records are dated."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime.datetime = cursor.fetchone()[0]
    return moment
