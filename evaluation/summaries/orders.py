"""Figures that are to be reckoned anew before the night, since a file has been imported.

1. An import leaves an order in its own transaction, and queues the task after the commit.
2. The task reckons the figures and deletes the orders that were there when it began. A file that is read
   meanwhile leaves an order of its own, and the task begins again.
3. Without a broker or a worker the orders wait: beat asks for them every five minutes.
"""

from __future__ import annotations

import datetime

from django.db import transaction

from evaluation.summaries import stored
from evaluation.summaries.models import RefreshOrder


def order_refresh() -> None:
    """Order that the stored figures are reckoned anew. Needs the transaction of what has changed."""
    RefreshOrder.objects.create()
    transaction.on_commit(_queue, robust=True)


def _queue() -> None:
    from evaluation.tasks import refresh_ordered

    refresh_ordered.delay()


def is_waiting() -> bool:
    """Return whether a file has been imported that the stored figures do not hold yet; one query."""
    return RefreshOrder.objects.exists()


def fulfil(day: datetime.date) -> int:
    """Reckon the figures as of the day, and delete the orders given before; return how many figures differed.

    Needs no transaction: the orders are read before the facts, so that whoever ordered is in the figures.
    """
    fulfilled = list(RefreshOrder.objects.values_list("pk", flat=True))
    differing = stored.refresh(day)
    RefreshOrder.objects.filter(pk__in=fulfilled).delete()
    return differing
