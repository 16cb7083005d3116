"""Which stored placement a row of a file is (D42)."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from cases.models import Course
from cases.rules.deliveries import DeliveredChange, as_delivered, delivered_change
from companies.actions.placement_entries import PlacementEntry, PlacementKey, WorkplaceKey
from companies.models import Company, Placement, Workplace
from jobfirst.database.batches import batches

#: A stored placement, or the last state of a deleted one as its history has it.
AnyPlacement = Any


@dataclass(frozen=True)
class RecordedPlacements:
    """The placements of some courses, by course: those in use, those withdrawn, and those deleted since.

    `earlier` has what files said of those withdrawn and deleted, by id, the last file's values included.
    """

    standing: dict[int, list[Placement]] = field(default_factory=dict)
    withdrawn: dict[int, list[Placement]] = field(default_factory=dict)
    deleted: dict[int, list[AnyPlacement]] = field(default_factory=dict)
    earlier: dict[int, list[dict[str, str]]] = field(default_factory=dict)


def fetch_recorded(courses: Iterable[int]) -> RecordedPlacements:
    """Return what is recorded of these courses; of deleted placements those that a file had delivered."""
    recorded = RecordedPlacements()
    events = Placement.events.rel.related_model._default_manager  # type: ignore[attr-defined]  # pghistory
    for batch in batches(sorted(courses)):
        rows = Placement.everything.filter(course_id__in=batch).select_related("workplace", "company")
        for placement in rows.order_by("pk"):
            is_standing = placement.withdrawn_at is None
            by_course = recorded.standing if is_standing else recorded.withdrawn
            by_course.setdefault(placement.course_id, []).append(placement)
        deletions = events.filter(course_id__in=batch, pgh_label="delete", delivered__isnull=False)
        for event in deletions.order_by("pgh_id"):
            recorded.deleted.setdefault(event.course_id, []).append(event)
    gone = [row.pk for rows in recorded.withdrawn.values() for row in rows]
    gone += [event.pgh_obj_id for rows in recorded.deleted.values() for event in rows]
    for batch in batches(sorted(gone)):
        deliveries = events.filter(pgh_obj_id__in=batch, delivered__isnull=False).order_by("pgh_id")
        for pk, delivered in deliveries.values_list("pgh_obj_id", "delivered"):
            recorded.earlier.setdefault(pk, []).append(delivered)
    return recorded


@dataclass(frozen=True)
class StoredPlacements:
    """The stored rows to compare with, under the courses' locks."""

    courses: dict[bytes, int]
    companies: dict[str, Company]
    locked: dict[int, Course]
    recorded: RecordedPlacements
    workplaces: dict[WorkplaceKey, Workplace]

    def course(self, entry: PlacementEntry) -> Course:
        """Return the row's course."""
        return self.locked[self.courses[entry.citizen]]

    def key(self, entry: PlacementEntry) -> PlacementKey:
        """Return what identifies the row's placement."""
        return PlacementKey(
            self.courses[entry.citizen], self.companies[entry.cvr].pk, entry.kind, entry.starts_on
        )

    def workplace(self, entry: PlacementEntry) -> Workplace | None:
        """Return the workplace with the row's P-number, None when the row has none."""
        return self.workplaces.get(WorkplaceKey(self.companies[entry.cvr].pk, entry.values["p_number"]))

    def change_of(self, entry: PlacementEntry, placement: Placement) -> DeliveredChange:
        """Return what the row changes of the placement (D42)."""
        # A CVR number that was merged leads to the company that remains.
        identity = {**entry.identity, "cvr": self.companies[entry.cvr].cvr}
        row = {**identity, **entry.values}
        stored = {name: getattr(placement, name) for name in row if name != "cvr"}
        stored["cvr"] = placement.company.cvr
        before = placement.delivered
        if before is not None:  # of files before these values were kept
            before = {**as_delivered({name: stored[name] for name in identity}), **before}
        return delivered_change(row, stored, before)

    def withdrawn(self, entry: PlacementEntry) -> Placement | AnyPlacement | None:
        """Return the latest withdrawn or deleted placement that the row is, if any."""
        course = self.courses[entry.citizen]
        rows = [*self.recorded.deleted.get(course, ()), *self.recorded.withdrawn.get(course, ())]
        for is_same in (_has_source_id, _was_delivered_so, self._has_key, self._was_once_delivered_so):
            for row in reversed(rows):
                if is_same(row, entry):
                    return row
        return None

    def repeats(self, entry: PlacementEntry, withdrawn: Placement | AnyPlacement) -> bool:
        """Whether the row says nothing new of a withdrawn or deleted placement, also by an older file."""
        if any(_says_the_same(before, entry) for before in self._earlier(withdrawn)):
            return True
        if isinstance(withdrawn, Placement):
            return not any(self.change_of(entry, withdrawn))
        return _says_the_same(withdrawn.delivered, entry)

    def _earlier(self, withdrawn: Placement | AnyPlacement) -> list[dict[str, str]]:
        pk = withdrawn.pk if isinstance(withdrawn, Placement) else withdrawn.pgh_obj_id
        return self.recorded.earlier.get(pk, [])

    def _was_once_delivered_so(self, withdrawn: AnyPlacement, entry: PlacementEntry) -> bool:
        """Whether any file said exactly this of a withdrawn or deleted placement."""
        return not _has_other_source_id(withdrawn, entry) and any(
            "starts_on" in before and _says_the_same(before, entry) for before in self._earlier(withdrawn)
        )

    def matched(self, entries: list[PlacementEntry]) -> list[tuple[PlacementEntry, Placement | None]]:
        """Return each row with the stored placement that it is; None for a new one.

        1. The one with the row's `source_id`.
        2. One that was delivered with the row's company, kind, first day and P-number before.
        3. Of the row's company, kind and first day: one at the workplace with the row's P-number, or
           delivered with it before; one whose workplace is not known yet; when the file has one such row and
           there is one such placement, that one, with another P-number.
        """
        left = {course: list(rows) for course, rows in self.recorded.standing.items()}
        rows = Counter(self.key(entry) for entry in entries)
        placement_of_row: dict[int, Placement] = {}
        for fits in self._steps():
            for entry in entries:
                if entry.row.line in placement_of_row:
                    continue
                course = self.courses[entry.citizen]
                candidates = [row for row in left.get(course, ()) if fits(row, entry)]
                is_sure = fits != self._is_any or (rows[self.key(entry)] == 1 and len(candidates) == 1)
                if candidates and is_sure:
                    placement_of_row[entry.row.line] = candidates[0]
                    left[course].remove(candidates[0])
        return [(entry, placement_of_row.get(entry.row.line)) for entry in entries]

    def _steps(self) -> Iterable[Callable[[Placement, PlacementEntry], bool]]:
        return (
            _has_source_id,
            _was_delivered_so,
            self._is_at_workplace,
            self._was_delivered_there,
            self._has_no_workplace,
            self._is_any,
        )

    def _has_key(self, placement: AnyPlacement, entry: PlacementEntry) -> bool:
        """Whether company, kind and first day are the row's, and no other `source_id` is known of it."""
        key = PlacementKey(placement.course_id, placement.company_id, placement.kind, placement.starts_on)
        return key == self.key(entry) and not _has_other_source_id(placement, entry)

    def _is_at_workplace(self, placement: Placement, entry: PlacementEntry) -> bool:
        return placement.p_number == entry.values["p_number"] and self._has_key(placement, entry)

    def _was_delivered_there(self, placement: Placement, entry: PlacementEntry) -> bool:
        delivered = placement.delivered
        return (
            delivered is not None
            and delivered["p_number"] == entry.values["p_number"]
            and self._has_key(placement, entry)
        )

    def _has_no_workplace(self, placement: Placement, entry: PlacementEntry) -> bool:
        return placement.p_number == "" and self._has_key(placement, entry)

    def _is_any(self, placement: Placement, entry: PlacementEntry) -> bool:
        return self._has_key(placement, entry)


def _says_the_same(before: dict[str, str], entry: PlacementEntry) -> bool:
    """Whether a file said the same of the placement; the company's name is no part of it."""
    return all(
        before.get(name, value) == value for name, value in entry.delivered.items() if name != "company"
    )


def _source_id(placement: AnyPlacement) -> str:
    return str((placement.delivered or {}).get("source_id", ""))


def _has_source_id(placement: AnyPlacement, entry: PlacementEntry) -> bool:
    return entry.source_id != "" and _source_id(placement) == entry.source_id


def _has_other_source_id(placement: AnyPlacement, entry: PlacementEntry) -> bool:
    return "" not in (entry.source_id, _source_id(placement)) and not _has_source_id(placement, entry)


def _was_delivered_so(placement: AnyPlacement, entry: PlacementEntry) -> bool:
    """Whether a file said the same of company, kind, first day and P-number, whatever changed since."""
    before = placement.delivered
    if before is None or "starts_on" not in before or _has_other_source_id(placement, entry):
        return False
    return all(
        before[name] == value
        for name, value in entry.delivered.items()
        if name in ("cvr", "kind", "starts_on", "p_number")
    )
