"""What the stored courses have earned so far (D26-D28), reckoned by the rule from the tables as they are here."""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby

from grants.rules.settlement import settle
from grants.rules.values import CountingWindow, EntitlementTerms, Spell
from grants.storage import serialization
from jobfirst.values.dates import LATEST, DateSpan

BATCH = 1000
LEAVING = ("withdrawn", "moved", "died")


def store_earned_events(apps, schema_editor):
    """Store the events of every course that has placements."""
    terms = {row.valid_from: row for row in apps.get_model("grants", "GrantTerms").objects.all()}
    rows = _rows(apps, terms)
    apps.get_model("grants", "EarnedEvent").objects.bulk_create(rows, batch_size=BATCH)


def _rows(apps, terms) -> Iterator[object]:
    event_model = apps.get_model("grants", "EarnedEvent")
    values = [_values(row) for row in terms.values()]
    events_by_citizen = _allocation_events(apps)
    placements = apps.get_model("companies", "Placement").objects.filter(withdrawn_at=None)
    placements = placements.select_related("course__project", "company").order_by("course_id", "pk")
    for course, of_course in groupby(placements.iterator(BATCH), key=lambda placement: placement.course):
        window = _window(course, events_by_citizen[course.citizen_id])
        for settled in settle(map(_spell, of_course), window, values):
            event = settled.event
            yield event_model(
                course_id=course.pk,
                project_id=course.project_id,
                kind=event.kind.value,
                earned_on=event.on,
                settled_on=settled.settled_on,
                amount=event.amount,
                terms=terms[event.terms_valid_from],
                basis=serialization.of_event(event),
            )


def _allocation_events(apps) -> dict[int, list[tuple[str, datetime.date]]]:
    """Return kind and day of what was learnt of allocations, by citizen."""
    by_citizen = defaultdict(list)
    events = apps.get_model("randomization", "AllocationEvent").objects
    for citizen_id, kind, day in events.values_list("allocation__citizen", "kind", "happened_on"):
        by_citizen[citizen_id].append((kind, day))
    return by_citizen


def _window(course, events: list[tuple[str, datetime.date]]) -> CountingWindow:
    return CountingWindow(
        course.started_on,
        DateSpan(course.project.starts_on, course.project.ends_on),
        LATEST,
        ends_on=min((day for kind, day in events if kind in LEAVING), default=None),
        void=any(kind == "referred_in_error" for kind, _day in events),
    )


def _spell(placement) -> Spell:
    return Spell(
        placement.pk,
        placement.company.cvr,
        placement.kind,
        placement.starts_on,
        placement.planned_end_on,
        placement.ended_on,
    )


def _values(row) -> EntitlementTerms:
    return EntitlementTerms(
        valid_from=row.valid_from,
        start_amount=row.start_amount,
        completion_amount=row.completion_amount,
        counting_kinds=frozenset(row.counting_kinds),
        completion_days=row.completion_days,
        tolerance_days=row.tolerance_days,
        bridge_non_working_days=row.bridge_non_working_days,
        ceiling_share=row.ceiling_share,
    )
