"""Placements from a file: created or changed together, with the companies, matches and dates that follow.

`companies.exchange` reads the file and numbers the steps.
"""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import TrialTerms
from cases.actions import reckon_dates
from cases.actions.deadlines import update_deadlines
from cases.models import Course
from companies.actions import placement_rows
from companies.extension_points import placements_changed
from companies.matching.entries import close_dialogues
from companies.merging.lookup import merged_p_numbers, remaining_by_cvr
from companies.models import Company, Match, Placement, PlacementKind, Workplace
from companies.rules.deliveries import DeliveredChange, as_delivered, delivered_change
from jobfirst import progress
from jobfirst.batches import BATCH, UPDATE_BATCH, batches
from jobfirst.exchange import FileRow
from jobfirst.exchange.command import ImportReport

FIELDS = ("workplace", "planned_end_on", "ended_on", "internship_hours", "ordinary_hours")


class CourseAndCompany(NamedTuple):
    """The ids of a course and a company."""

    course: int
    company: int


class WorkplaceKey(NamedTuple):
    """The id of a company and a P-number."""

    company: int
    p_number: str


class PlacementKey(NamedTuple):
    """What identifies a placement; course and company by id."""

    course: int
    company: int
    kind: str
    starts_on: datetime.date

    @property
    def pair(self) -> CourseAndCompany:
        """The course and the company."""
        return CourseAndCompany(self.course, self.company)


@dataclass(frozen=True)
class PlacementEntry:
    """A placement as a valid row of the file states it."""

    row: FileRow
    citizen: bytes  # the keyed hash of the CPR number
    cvr: str
    company: str
    kind: str
    starts_on: datetime.date
    values: dict[str, Any]

    @property
    def terms(self) -> dict[str, Any]:
        """The values that a placement stores as they are: all but the P-number, which names its workplace."""
        return {name: value for name, value in self.values.items() if name != "p_number"}

    @property
    def delivered(self) -> dict[str, str]:
        """What the row says, to be compared with the next file."""
        return as_delivered(self.values)

    def change_of(self, placement: Placement) -> DeliveredChange:
        """Return what the row changes of the placement (D42)."""
        stored = {name: getattr(placement, name) for name in self.values}
        return delivered_change(self.values, stored, placement.delivered)

    def agrees_with(self, placement: Placement) -> bool:
        """Whether the row says nothing new of the placement."""
        return not any(self.change_of(placement))


@dataclass(frozen=True)
class StoredPlacements:
    """The stored rows to compare with, under the courses' locks; `renamed` are CVR numbers."""

    courses: dict[bytes, int]
    companies: dict[str, Company]
    renamed: set[str]
    locked: dict[int, Course]
    standing: dict[PlacementKey, list[Placement]]
    withdrawn: dict[PlacementKey, Placement]
    workplaces: dict[WorkplaceKey, Workplace]

    def key(self, entry: PlacementEntry) -> PlacementKey:
        """Return what identifies the row's placement."""
        return PlacementKey(
            self.courses[entry.citizen], self.companies[entry.cvr].pk, entry.kind, entry.starts_on
        )

    def matched(self, entries: list[PlacementEntry]) -> list[tuple[PlacementEntry, Placement | None]]:
        """Return each row with the stored placement that it is; None for a new one.

        1. One at the workplace with the row's P-number, or delivered with it before.
        2. One whose workplace is not known yet.
        3. When the file has one such row and there is one such placement, that one, with another P-number.
        """
        left = {key: list(placements) for key, placements in self.standing.items()}
        rows = Counter(self.key(entry) for entry in entries)
        placement_of_row: dict[int, Placement] = {}
        for fits in (_is_at_workplace, _was_delivered_there, _has_no_workplace, _is_any):
            for entry in entries:
                key = self.key(entry)
                candidates = [row for row in left.get(key, ()) if fits(row, entry)]
                is_sure = fits is not _is_any or (rows[key] == 1 and len(candidates) == 1)
                if entry.row.line not in placement_of_row and candidates and is_sure:
                    placement_of_row[entry.row.line] = candidates[0]
                    left[key].remove(candidates[0])
        return [(entry, placement_of_row.get(entry.row.line)) for entry in entries]

    def workplace(self, entry: PlacementEntry) -> Workplace | None:
        """Return the workplace with the row's P-number, None when the row has none."""
        return self.workplaces.get(WorkplaceKey(self.companies[entry.cvr].pk, entry.values["p_number"]))


def _is_at_workplace(placement: Placement, entry: PlacementEntry) -> bool:
    return bool(placement.p_number == entry.values["p_number"])


def _was_delivered_there(placement: Placement, entry: PlacementEntry) -> bool:
    return placement.delivered is not None and placement.delivered["p_number"] == entry.values["p_number"]


def _has_no_workplace(placement: Placement, _entry: PlacementEntry) -> bool:
    return placement.p_number == ""


def _is_any(_placement: Placement, _entry: PlacementEntry) -> bool:
    return True


def save_companies(entries: list[PlacementEntry]) -> tuple[dict[str, Company], set[str]]:
    """Return the companies by CVR number, creating new ones, and the numbers of those that were renamed.

    Where the file gives one company two names, the last one is used. The number of a record that was put
    together with another one leads to that one.
    """
    names = {entry.cvr: entry.company for entry in entries}
    companies = {company.cvr: company for batch in batches(sorted(names)) for company in _by_cvr(batch)}
    missing = [cvr for cvr in sorted(names) if cvr not in companies]
    for batch in batches(missing):
        # A simultaneous import may create the same company.
        Company.objects.bulk_create(
            [Company(cvr=cvr, name=names[cvr]) for cvr in batch], ignore_conflicts=True
        )
        companies |= {company.cvr: company for company in _by_cvr(batch)}
    # The name of a record that was put together with another one says nothing of the one that remains.
    merged = {cvr: company for cvr, company in remaining_by_cvr().items() if cvr in companies}
    renamed = [
        company
        for cvr, company in companies.items()
        if cvr not in merged and company.name != names[company.cvr]
    ]
    for company in renamed:
        company.name = names[company.cvr]
        company.version += 1
    Company.objects.bulk_update(renamed, ["name", "version"], batch_size=UPDATE_BATCH)
    return companies | merged, {company.cvr for company in renamed}


def _by_cvr(numbers: Collection[str]) -> Iterable[Company]:
    return Company.objects.filter(cvr__in=numbers)


def with_remaining_numbers(
    entries: list[PlacementEntry], companies: dict[str, Company]
) -> list[PlacementEntry]:
    """Return the rows, each with the P-number of the workplace that its own one leads to."""
    numbers = merged_p_numbers({company.pk for company in companies.values()})
    following = []
    for entry in entries:
        key = (companies[entry.cvr].pk, entry.values["p_number"])
        values = {**entry.values, "p_number": numbers.get(key, key[1])}
        following.append(replace(entry, values=values) if key in numbers else entry)
    return following


def save_workplaces(
    entries: list[PlacementEntry], companies: dict[str, Company]
) -> dict[WorkplaceKey, Workplace]:
    """Return the workplaces of the rows' companies and P-numbers, creating new ones."""
    keys = {
        WorkplaceKey(companies[entry.cvr].pk, entry.values["p_number"])
        for entry in entries
        if entry.values["p_number"]
    }
    workplaces: dict[WorkplaceKey, Workplace] = {}
    for batch in batches(sorted(keys)):
        workplaces |= _stored_workplaces(batch)
        new = [key for key in batch if key not in workplaces]
        if new:
            # A simultaneous import may create the same workplace.
            rows = [Workplace(company_id=key.company, p_number=key.p_number) for key in new]
            Workplace.objects.bulk_create(rows, ignore_conflicts=True)
            workplaces |= _stored_workplaces(new)
    return workplaces


def _stored_workplaces(keys: Collection[WorkplaceKey]) -> dict[WorkplaceKey, Workplace]:
    stored = Workplace.objects.filter(
        company__in={key.company for key in keys}, p_number__in={key.p_number for key in keys}
    )
    return {WorkplaceKey(workplace.company_id, workplace.p_number): workplace for workplace in stored}


def fetch_recorded(
    courses: Iterable[int],
) -> tuple[dict[PlacementKey, list[Placement]], dict[PlacementKey, Placement]]:
    """Return the placements of these courses: those in use, and the latest withdrawn one of each key."""
    standing: dict[PlacementKey, list[Placement]] = {}
    withdrawn: dict[PlacementKey, Placement] = {}
    for batch in batches(sorted(courses)):
        for placement in (
            Placement.everything.filter(course_id__in=batch).select_related("workplace").order_by("pk")
        ):
            key = PlacementKey(placement.course_id, placement.company_id, placement.kind, placement.starts_on)
            if placement.withdrawn_at is None:
                standing.setdefault(key, []).append(placement)
            else:
                withdrawn[key] = placement
    return standing, withdrawn


def save_placements(
    delivered: list[PlacementEntry], entries: list[PlacementEntry], stored: StoredPlacements
) -> ImportReport:
    """Create or change the placements of valid entries, with all consequences.

    `delivered` are all rows of the file, including those of withdrawn placements.
    """
    created, changed, changing_entries, delivered_anew = _compare(entries, stored)
    for new in progress.batches(created, UPDATE_BATCH, _("New placements")):
        Placement.objects.bulk_create(new)
    for batch in progress.batches(changed, UPDATE_BATCH, _("Changed placements")):
        Placement.objects.bulk_update(batch, [*FIELDS, "version"])
    Placement.objects.bulk_update(delivered_anew, ["delivered"], batch_size=UPDATE_BATCH)
    internships = [
        placement for placement in (*created, *changed) if placement.kind == PlacementKind.INTERNSHIP
    ]
    _follow(internships, stored.locked)
    courses = {placement.course_id for placement in (*created, *changed)}
    placements_changed(courses)
    update_deadlines(stored.locked[course] for course in sorted(courses))
    unchanged = sum(entry.cvr not in stored.renamed for entry in delivered)
    unchanged -= sum(entry.cvr not in stored.renamed for entry in changing_entries)
    return ImportReport(
        created=len(created), updated=len(delivered) - len(created) - unchanged, unchanged=unchanged
    )


class PlacementChanges(NamedTuple):
    """The placements that an import creates and changes, unsaved, and the rows of the file they come from.

    Of those in `delivered_anew` the file says otherwise than the one before, whatever they take over of it.
    """

    created: list[Placement]
    changed: list[Placement]
    entries: list[PlacementEntry]
    delivered_anew: list[Placement]


def _compare(entries: list[PlacementEntry], stored: StoredPlacements) -> PlacementChanges:
    """Return the placements that the entries create or change; saves only the matches that they need."""
    matches = _matches(entries, stored)
    changes = PlacementChanges([], [], [], [])
    for entry, placement in stored.matched(entries):
        if placement is None:
            changes.created.append(_new_placement(entry, stored, matches))
            changes.entries.append(entry)
            continue
        if values := entry.change_of(placement).values:
            if "p_number" in values:
                placement.workplace = stored.workplace(entry)
            for name, value in values.items():
                if name != "p_number":
                    setattr(placement, name, value)
            placement.version += 1
            changes.changed.append(placement)
            changes.entries.append(entry)
        if placement.delivered != entry.delivered:
            placement.delivered = entry.delivered
            changes.delivered_anew.append(placement)
    return changes


def _new_placement(
    entry: PlacementEntry, stored: StoredPlacements, matches: dict[CourseAndCompany, Match]
) -> Placement:
    key = stored.key(entry)
    return Placement(
        course_id=key.course,
        company_id=key.company,
        kind=key.kind,
        starts_on=key.starts_on,
        match=matches[key.pair] if entry.kind == PlacementKind.INTERNSHIP else None,
        workplace=stored.workplace(entry),
        delivered=entry.delivered,
        **entry.terms,
    )


def _matches(entries: list[PlacementEntry], stored: StoredPlacements) -> dict[CourseAndCompany, Match]:
    """Return the match of each internship's course and company (D14), creating missing ones.

    A new match is dated on the internship's first day. A match that an import created moves with an earlier
    internship; one that a user recorded stays.
    """
    firsts: dict[CourseAndCompany, datetime.date] = {}
    for entry in entries:
        if entry.kind == PlacementKind.INTERNSHIP:
            pair = stored.key(entry).pair
            firsts[pair] = min(firsts.get(pair, entry.starts_on), entry.starts_on)
    recorded = {
        CourseAndCompany(match.course_id, match.company_id): match
        for batch in batches(sorted({pair.course for pair in firsts}))
        for match in Match.objects.filter(course_id__in=batch)
    }
    days = {pair: max(day, stored.locked[pair.course].started_on) for pair, day in firsts.items()}
    new = [
        Match(course_id=pair.course, company_id=pair.company, matched_on=day)
        for pair, day in days.items()
        if pair not in recorded
    ]
    earlier = [
        match
        for pair, match in recorded.items()
        if match.registered_by_id is None and pair in days and days[pair] < match.matched_on
    ]
    for match in earlier:
        match.matched_on = days[CourseAndCompany(match.course_id, match.company_id)]
    Match.objects.bulk_create(new, batch_size=BATCH)
    close_dialogues(new)
    Match.objects.bulk_update(earlier, ["matched_on"], batch_size=UPDATE_BATCH)
    return recorded | {CourseAndCompany(match.course_id, match.company_id): match for match in new}


def _follow(internships: list[Placement], locked: dict[int, Course]) -> None:
    """Link renewals and compute dates of the courses whose internships were created or changed."""
    pairs = {(internship.course_id, internship.company_id) for internship in internships}
    terms = list(TrialTerms.objects.all())
    courses = []
    for batch in batches(sorted({internship.course_id for internship in internships})):
        by_course: dict[int, list[Placement]] = {pk: [] for pk in batch}
        for internship in Placement.objects.filter(course_id__in=batch, kind=PlacementKind.INTERNSHIP):
            by_course[internship.course_id].append(internship)
        placement_rows.link_renewals(
            internship
            for of_course in by_course.values()
            for internship in of_course
            if (internship.course_id, internship.company_id) in pairs
        )
        for pk, of_course in by_course.items():
            course = locked[pk]
            dates = reckon_dates(course, [internship.span for internship in of_course], terms)
            if dates is not None:
                for name, value in vars(dates).items():
                    setattr(course, name, value)
                course.version += 1
                courses.append(course)
    Course.objects.bulk_update(
        courses, ["internship_from", "continued_from", "retention_until", "version"], batch_size=UPDATE_BATCH
    )
