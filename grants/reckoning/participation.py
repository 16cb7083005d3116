"""How the ledger events of an allocation bound the days that count.

Referred in error: nothing of that citizen counts. Withdrawn from the trial, moved to another municipality,
died: no day after the earliest such day counts. An event that was taken back bounds nothing. The sources are
silent: this is the project's own choice (docs/grants.md).
"""

from django.db.models import Exists, Min, OuterRef, Subquery

from randomization.models import AllocationEvent, EventKind

LEAVING = (EventKind.WITHDRAWN, EventKind.MOVED, EventKind.DIED)


def last_day_in_trial(citizen: str) -> Subquery:
    """Return the last day that can count of the citizen at this lookup; None when no event bounds it."""
    leaving = AllocationEvent.objects.standing().filter(
        allocation__citizen=OuterRef(citizen), kind__in=LEAVING
    )
    days = leaving.order_by().values("allocation__citizen").annotate(day=Min("happened_on"))
    return Subquery(days.values("day"))


def is_void(citizen: str) -> Exists:
    """Return whether no day can count of the citizen at this lookup."""
    events = AllocationEvent.objects.standing().filter(allocation__citizen=OuterRef(citizen))
    return Exists(events.filter(kind=EventKind.REFERRED_IN_ERROR))
