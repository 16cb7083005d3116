"""The cut-offs that are to be published: the night publishes them, and the agency's pages say what waits."""

from __future__ import annotations

import datetime

from dateutil.relativedelta import relativedelta
from django.db.models import Max, Min

from accounts.models import Project
from cases.models import Course
from evaluation.publication.models import Publication
from evaluation.rules.cut_offs import cut_offs


def due_cut_offs(on: datetime.date) -> list[datetime.date]:
    """Return the cut-offs before the day that have not been published, the oldest first. Three queries at
    most."""
    latest = Publication.objects.aggregate(latest=Max("cut_off"))["latest"]
    begun = latest or Course.objects.filter(started_on__lt=on).aggregate(first=Min("started_on"))["first"]
    ends = Project.objects.aggregate(last=Max("ends_on"))["last"]
    if begun is None or ends is None:
        return []
    return cut_offs(begun, min(on, ends + relativedelta(months=2)), after=latest)


def awaited_cut_off(on: datetime.date) -> datetime.date | None:
    """Return the newest cut-off before the day when it has not been published; None when nothing waits."""
    return next(reversed(due_cut_offs(on)), None)
