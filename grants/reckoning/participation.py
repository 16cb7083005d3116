"""What is said of an allocation afterwards, and what it means for the money.

Referred in error: the citizen should never have been drawn, and nothing of hers counts. Withdrawn from the
trial, moved to another municipality, died: no day after that day counts. The earliest day stands. The sources
are silent: this is the project's own reading, and `docs/grants.md` says so.
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
class Bound:
    """What bounds a citizen's days: the last one that can count, or `void` when none can."""

    ends_on: datetime.date | None = None
    void: bool = False


class EventOfCourse(TypedDict):
    """What was said of the allocation of a course, as JSON: the course's id, the kind, an ISO date."""

    course: int
    kind: str
    on: str


def allocation_events_of_project() -> ArraySubquery:
    """For a query of projects: what was said of the allocations of each one's courses, for `bounds`."""
    events = AllocationEvent.objects.filter(allocation__citizen__course__project=OuterRef("pk"))
    event = JSONObject(course="allocation__citizen__course", kind="kind", on="happened_on")
    return ArraySubquery(events.order_by("number").values(event=event))


def bounds(events: Iterable[EventOfCourse]) -> dict[int, Bound]:
    """Return the bounds by course id."""
    by_course: dict[int, Bound] = {}
    for event in events:
        known = by_course.get(event["course"], Bound())
        if event["kind"] == EventKind.REFERRED_IN_ERROR:
            by_course[event["course"]] = Bound(known.ends_on, void=True)
        elif event["kind"] in LEAVING:
            day = datetime.date.fromisoformat(event["on"])
            by_course[event["course"]] = Bound(min(day, known.ends_on or day), known.void)
    return by_course
