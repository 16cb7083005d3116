"""How the ledger events of an allocation bound the days that count.

Referred in error: nothing of that citizen counts. Withdrawn from the trial, moved to another municipality,
died: no day after the earliest such day counts. The sources are silent: this is the project's own choice
(docs/grants.md).
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from randomization.models import AllocationEvent, EventKind

LEAVING = (EventKind.WITHDRAWN, EventKind.MOVED, EventKind.DIED)


@dataclass(frozen=True, slots=True)
class ParticipationBound:
    """The bound of a citizen's days: the last day that can count, or `void` when none can."""

    ends_on: datetime.date | None = None
    void: bool = False


class EventOfCourse(TypedDict):
    """A ledger event of an allocation as JSON: the course's id, the kind, an ISO date."""

    course: int
    kind: str
    on: str


def allocation_events_of_project() -> ArraySubquery:
    """Return the subquery of the ledger events of a project's allocations, for `bounds_by_course`."""
    events = AllocationEvent.objects.filter(allocation__citizen__course__project=OuterRef("pk"))
    event = JSONObject(course="allocation__citizen__course", kind="kind", on="happened_on")
    return ArraySubquery(events.order_by("number").values(event=event))


def bounds_by_course(events: Iterable[EventOfCourse]) -> dict[int, ParticipationBound]:
    """Return the bounds by course id."""
    by_course: dict[int, ParticipationBound] = {}
    for event in events:
        earlier = by_course.get(event["course"], ParticipationBound())
        if event["kind"] == EventKind.REFERRED_IN_ERROR:
            by_course[event["course"]] = ParticipationBound(earlier.ends_on, void=True)
        elif event["kind"] in LEAVING:
            day = datetime.date.fromisoformat(event["on"])
            by_course[event["course"]] = ParticipationBound(min(day, earlier.ends_on or day), earlier.void)
    return by_course
