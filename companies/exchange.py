"""`import_placements`: placements as municipalities deliver them from their own systems (docs/formats.md).

1. Read every row and collect all errors.
2. Find the citizens' courses, in batches. A citizen without one gets the same error, whatever the reason.
3. Stop here when there are errors: nothing is saved.
4. Add new companies by CVR number, and rename existing ones.
5. Under the courses' locks, create or change placements. A row is identified by course, company, kind and
   first day. An internship without a match gets one. A placement that was withdrawn as entered in error stays
   withdrawn: the same row again changes nothing, a row with other values is refused.
6. Link renewals and compute the courses' dates again, so that the order of rows makes no difference.

The number of queries grows with the size of the file only through the batches.
"""

import datetime
import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import TrialTerms
from cases.actions import reckon_dates
from cases.actions.deadlines import update_deadlines
from cases.exchange import CPR, read_cpr
from cases.models import Course
from companies.actions import placements
from companies.models import EMPLOYMENT_KINDS, Company, Match, Placement, PlacementKind
from jobfirst import crypto, progress
from jobfirst.dates import DateSpan, in_force_or_first
from jobfirst.exchange import FileColumn, FileRow, FileTable
from jobfirst.exchange.command import ImportReport

COLUMNS = (
    CPR,
    FileColumn("cvr", gettext_lazy("The company's CVR number, eight digits"), "10000009"),
    FileColumn("company", gettext_lazy("The company's name"), "Lageret ApS"),
    FileColumn("p_number", gettext_lazy("The P-number, ten digits; may be empty"), "1000000001"),
    FileColumn("kind", gettext_lazy("The kind of the placement"), "internship", PlacementKind.choices),
    FileColumn("starts_on", gettext_lazy("The first day"), "2016-05-02"),
    FileColumn(
        "planned_end_on", gettext_lazy("The planned last day; may be empty for employment"), "2016-07-31"
    ),
    FileColumn("ended_on", gettext_lazy("The last day that the citizen was there; empty while it runs"), ""),
    FileColumn("internship_hours", gettext_lazy("Internship hours a week"), "15"),
    FileColumn("ordinary_hours", gettext_lazy("Ordinary hours a week"), "3,5"),
)

#: Weekly hours above this are a typing error.
MOST_HOURS = Decimal(60)
BATCH = 2000
#: A bulk update compares every row with every other: small batches are much faster.
UPDATES = 200
FIELDS = ("p_number", "planned_end_on", "ended_on", "internship_hours", "ordinary_hours")

T = TypeVar("T")


class CourseAndCompany(NamedTuple):
    """The ids of a course and a company."""

    course: int
    company: int


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
class PlacementRow:
    """One valid row."""

    row: FileRow
    citizen: bytes  # the keyed hash of the CPR number
    cvr: str
    company: str
    kind: str
    starts_on: datetime.date
    values: dict[str, Any]


@dataclass(frozen=True)
class StoredRows:
    """The stored rows to compare with, under the courses' locks; `renamed` are CVR numbers."""

    courses: dict[bytes, int]
    companies: dict[str, Company]
    renamed: set[str]
    locked: dict[int, Course]
    standing: dict[PlacementKey, Placement]
    withdrawn: dict[PlacementKey, Placement]

    def key(self, entry: PlacementRow) -> PlacementKey:
        """Return what identifies the row's placement."""
        return PlacementKey(
            self.courses[entry.citizen], self.companies[entry.cvr].pk, entry.kind, entry.starts_on
        )


@transaction.atomic
def load_placements(
    table: FileTable, courses: QuerySet[Course] | None = None, *, not_after: datetime.date | None = None
) -> ImportReport:
    """Save the rows; return the numbers of rows `{"created", "updated", "unchanged"}`.

    `courses` limits the import to the courses that the uploading user sees; any other citizen is reported as
    having no course. `not_after` is the last day allowed as a day present (today in a real system): a wrong
    year would earn a grant. Raises BadFile.
    """
    citizens = [(row, _citizen(row)) for row in table]
    entries = list(_entries(citizens, not_after))
    course_keys = _courses(
        Course.objects.all() if courses is None else courses, {citizen for _row, citizen in citizens}
    )
    for row, citizen in citizens:
        if citizen and citizen not in course_keys:
            row.fail("cpr", _("the citizen has no course"))
    table.raise_errors()
    if not entries:
        return ImportReport(created=0, updated=0, unchanged=0)
    companies, renamed = _companies(entries)
    locked = {
        course.pk: course
        for batch in _batches(sorted(course_keys.values()))
        for course in Course.objects.select_for_update(of=("self",)).filter(pk__in=batch).order_by("pk")
    }
    stored = StoredRows(course_keys, companies, renamed, locked, *_recorded(locked))
    left = [entry for entry in entries if not _is_withdrawn(entry, stored)]
    table.raise_errors()
    return _save(entries, left, stored)


def _entries(
    citizens: list[tuple[FileRow, bytes]], not_after: datetime.date | None
) -> Iterator[PlacementRow]:
    """Yield the rows that are valid in themselves; add the errors of the others."""
    terms = list(TrialTerms.objects.all())
    first_rows: dict[tuple[bytes, str, str, datetime.date], int] = {}
    for row, citizen in citizens:
        entry = _entry(row, citizen, terms)
        if (
            entry is not None
            and not_after is not None
            and (entry.values["ended_on"] or not_after) > not_after
        ):
            row.fail("ended_on", _("the last day present lies in the future"))
            continue
        if entry is None:
            continue
        key = (entry.citizen, entry.cvr, entry.kind, entry.starts_on)
        if key in first_rows:
            row.fail("cpr", _("this placement is already on line %(line)d") % {"line": first_rows[key]})
        first_rows.setdefault(key, row.line)
        yield entry


def _entry(row: FileRow, citizen: bytes, terms: Sequence[TrialTerms]) -> PlacementRow | None:
    """Return the row's values, or None when something in it is wrong."""
    errors_before = len(row.errors)
    cvr = row.cvr("cvr")
    company = row.text("company")
    kind = row.choice("kind", PlacementKind.values)
    starts_on = row.date("starts_on")
    values = {
        "p_number": row.p_number("p_number"),
        "planned_end_on": row.date("planned_end_on", required=False),
        "ended_on": row.date("ended_on", required=False),
        "internship_hours": row.decimal("internship_hours", lowest=Decimal(0), highest=MOST_HOURS),
        "ordinary_hours": row.decimal("ordinary_hours", lowest=Decimal(0), highest=MOST_HOURS),
    }
    if starts_on and kind:
        _check_days(row, kind, starts_on, values, terms)
    if len(row.errors) > errors_before or starts_on is None or not citizen:
        return None
    return PlacementRow(row, citizen, cvr, company, kind, starts_on, values)


def _citizen(row: FileRow) -> bytes:
    """Return the keyed hash of the row's CPR number, empty when it is invalid; the number is not kept."""
    digits = read_cpr(row)
    return b"" if digits is None else crypto.lookup_hash(digits)


def _check_days(
    row: FileRow, kind: str, starts_on: datetime.date, values: dict[str, Any], terms: Sequence[TrialTerms]
) -> None:
    """Check the order of the days, and the length of an internship (D14)."""
    planned, ended = values["planned_end_on"], values["ended_on"]
    if ended is not None and ended < starts_on:
        row.fail("ended_on", _("the last day must not be before the start"))
    if planned is None:
        if kind not in EMPLOYMENT_KINDS and not row.values["planned_end_on"].strip():
            row.fail("planned_end_on", _("must be filled in; only employment may have no planned end"))
        return
    if planned < starts_on:
        row.fail("planned_end_on", _("the planned end must not be before the start"))
    most = in_force_or_first(terms, starts_on).internship_max_days
    if kind == PlacementKind.INTERNSHIP and DateSpan(starts_on, planned).days > most:
        row.fail(
            "planned_end_on", _("an internship is agreed for at most %(n)d days at a time") % {"n": most}
        )


def _courses(courses: QuerySet[Course], citizens: Collection[bytes]) -> dict[bytes, int]:
    """Return the course id of each citizen who has a course."""
    return {
        bytes(lookup): pk
        for batch in _batches(sorted(citizens))
        for lookup, pk in courses.filter(citizen__cpr_lookup__in=batch).values_list(
            "citizen__cpr_lookup", "pk"
        )
    }


def _companies(entries: list[PlacementRow]) -> tuple[dict[str, Company], set[str]]:
    """Return the companies by CVR number, creating new ones, and the numbers of those that were renamed.

    Where the file gives one company two names, the last one is used.
    """
    names = {entry.cvr: entry.company for entry in entries}
    companies = {company.cvr: company for batch in _batches(sorted(names)) for company in _by_cvr(batch)}
    missing = [cvr for cvr in sorted(names) if cvr not in companies]
    for batch in _batches(missing):
        # A simultaneous import may create the same company.
        Company.objects.bulk_create(
            [Company(cvr=cvr, name=names[cvr]) for cvr in batch], ignore_conflicts=True
        )
        companies |= {company.cvr: company for company in _by_cvr(batch)}
    renamed = [company for company in companies.values() if company.name != names[company.cvr]]
    for company in renamed:
        company.name = names[company.cvr]
        company.version += 1
    Company.objects.bulk_update(renamed, ["name", "version"], batch_size=UPDATES)
    return companies, {company.cvr for company in renamed}


def _by_cvr(numbers: Collection[str]) -> Iterable[Company]:
    return Company.objects.filter(cvr__in=numbers)


def _recorded(courses: Iterable[int]) -> tuple[dict[PlacementKey, Placement], dict[PlacementKey, Placement]]:
    """Return the placements of these courses: those in use, and the latest withdrawn one of each key."""
    standing: dict[PlacementKey, Placement] = {}
    withdrawn: dict[PlacementKey, Placement] = {}
    for batch in _batches(sorted(courses)):
        for placement in Placement.everything.filter(course_id__in=batch).order_by("pk"):
            rows = standing if placement.withdrawn_at is None else withdrawn
            rows[
                PlacementKey(placement.course_id, placement.company_id, placement.kind, placement.starts_on)
            ] = placement
    return standing, withdrawn


def _is_withdrawn(entry: PlacementRow, stored: StoredRows) -> bool:
    """Whether the row is a placement that was withdrawn as entered in error, and not entered again since.

    The municipality's system may deliver it unchanged: nothing happens. With other values the row is an
    error, because a person has to decide.
    """
    key = stored.key(entry)
    placement = stored.withdrawn.get(key)
    if placement is None or key in stored.standing:
        return False
    if any(getattr(placement, name) != value for name, value in entry.values.items()):
        entry.row.fail(
            "starts_on",
            _("this placement was withdrawn as entered in error; if it took place, register it by hand"),
        )
    return True


def _save(delivered: list[PlacementRow], entries: list[PlacementRow], stored: StoredRows) -> ImportReport:
    """Create or change the placements of valid entries, with all consequences.

    `delivered` are all rows of the file, including those of withdrawn placements.
    """
    matches = _matches(entries, stored)
    created, changed = [], []
    unchanged = sum(entry.cvr not in stored.renamed for entry in delivered)
    for entry in entries:
        key = stored.key(entry)
        placement = stored.standing.get(key)
        if placement is None:
            match = matches[key.pair] if entry.kind == PlacementKind.INTERNSHIP else None
            placement = Placement(
                course_id=key.course,
                company_id=key.company,
                kind=key.kind,
                starts_on=key.starts_on,
                match=match,
                **entry.values,
            )
            created.append(placement)
            unchanged -= entry.cvr not in stored.renamed
        elif any(getattr(placement, name) != value for name, value in entry.values.items()):
            for name, value in entry.values.items():
                setattr(placement, name, value)
            placement.version += 1
            changed.append(placement)
            unchanged -= entry.cvr not in stored.renamed
    for new in progress.batches(created, UPDATES, _("New placements")):
        Placement.objects.bulk_create(new)
    for batch in progress.batches(changed, UPDATES, _("Changed placements")):
        Placement.objects.bulk_update(batch, [*FIELDS, "version"])
    internships = [
        placement for placement in (*created, *changed) if placement.kind == PlacementKind.INTERNSHIP
    ]
    _follow(internships, stored.locked)
    touched = {placement.course_id for placement in (*created, *changed)}
    update_deadlines(stored.locked[course] for course in sorted(touched))
    return ImportReport(
        created=len(created), updated=len(delivered) - len(created) - unchanged, unchanged=unchanged
    )


def _matches(entries: list[PlacementRow], stored: StoredRows) -> dict[CourseAndCompany, Match]:
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
        for batch in _batches(sorted({pair.course for pair in firsts}))
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
    Match.objects.bulk_update(earlier, ["matched_on"], batch_size=UPDATES)
    return recorded | {CourseAndCompany(match.course_id, match.company_id): match for match in new}


def _follow(internships: list[Placement], locked: dict[int, Course]) -> None:
    """Link renewals and compute dates of the courses whose internships were created or changed."""
    pairs = {(internship.course_id, internship.company_id) for internship in internships}
    terms = list(TrialTerms.objects.all())
    courses = []
    for batch in _batches(sorted({internship.course_id for internship in internships})):
        by_course: dict[int, list[Placement]] = {pk: [] for pk in batch}
        for internship in Placement.objects.filter(course_id__in=batch, kind=PlacementKind.INTERNSHIP):
            by_course[internship.course_id].append(internship)
        placements.link_renewals(
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
        courses, ["internship_from", "continued_from", "retention_until", "version"], batch_size=UPDATES
    )


def _batches(items: list[T]) -> Iterator[list[T]]:
    left = iter(items)
    while batch := list(itertools.islice(left, BATCH)):
        yield batch
