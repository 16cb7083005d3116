"""`import_placements`: placements as municipalities deliver them from their own systems (docs/formats.md).

1. Read every row and collect all errors.
2. Find the citizens' courses, in batches. A citizen without one gets the same error, whatever the reason.
3. Stop here when there are errors: nothing is saved.
4. Add new companies by CVR number with their workplaces by P-number. A name that is new in the file renames
   the company, unless the register or a person has named it.
5. Under the courses' locks, create or change placements. A row is identified by its `source_id`; without
   one by course, company, kind and first day, and at two workplaces at once by the P-number
   (`companies.actions.placement_matching`). An error is one that begins after the course has ended, that
   overlaps a stored one, or that corrects what something irreversible rests on (`placement_checks`). An
   internship without a match gets one. A placement that was withdrawn or deleted stays so, and what a person
   has entered since the last file stays (`cases.rules.deliveries`): the same row again changes nothing, a row
   with other values is listed in the report and not applied (D42).
6. Link renewals and compute the courses' dates again, so that the order of rows makes no difference. A
   renewal without a work agreement begins with a draft of what held last (D38).

The number of queries grows with the size of the file only through the batches.
"""

import datetime
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import TrialTerms
from cases.exchange import CPR, SOURCE_ID, read_cpr, read_source_id
from cases.models import Citizen, Course
from companies.actions.company_locks import share_companies
from companies.actions.placement_checks import (
    check_begins_in_course,
    check_nothing_rests,
    check_once,
    check_overlaps,
    check_source_ids,
    contradictions,
    contradicts_withdrawal,
    matched_rows,
)
from companies.actions.placement_companies import (
    rename_companies,
    save_companies,
    save_workplaces,
    with_remaining_numbers,
)
from companies.actions.placement_entries import PlacementEntry
from companies.actions.placement_import import save_placements
from companies.actions.placement_matching import StoredPlacements, fetch_recorded
from companies.actions.renewals import draft_agreements
from companies.models import EMPLOYMENT_KINDS, PlacementKind
from jobfirst import clock
from jobfirst.database.batches import batches
from jobfirst.encryption import crypto
from jobfirst.exchange import FileColumn, FileRow, FileTable, RowError
from jobfirst.exchange.command import ImportReport
from jobfirst.values.dates import DateSpan, in_force_or_first

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
    SOURCE_ID,
)

#: Weekly hours above this are a typing error.
MOST_HOURS = Decimal(60)


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
    share_companies()
    companies = save_companies(entries)
    entries = with_remaining_numbers(entries, companies)
    workplaces = save_workplaces(entries, companies)
    locked = {
        course.pk: course
        for batch in batches(sorted(course_keys.values()))
        for course in Course.objects.select_for_update(of=("self",)).filter(pk__in=batch).order_by("pk")
    }
    stored = StoredPlacements(course_keys, companies, locked, fetch_recorded(locked), workplaces)
    return _save(table, entries, stored)


def _save(table: FileTable, entries: list[PlacementEntry], stored: StoredPlacements) -> ImportReport:
    """Check the rows against what is stored, and save those that contradict nobody; list the others."""
    check_once(entries, stored)
    check_source_ids(entries, stored)
    table.raise_errors()
    rows = []
    listed: list[RowError] = []
    for row in matched_rows(entries, stored):
        withdrawn = stored.withdrawn(row.entry) if row.placement is None else None
        if withdrawn is None:
            rows.append(row)
        elif not stored.repeats(row.entry, withdrawn):
            listed.append(contradicts_withdrawal(row.entry))
    listed += contradictions(rows, stored)
    lines = {contradiction.line for contradiction in listed}
    rows = [row for row in rows if row.entry.row.line not in lines]
    check_begins_in_course(rows, stored)
    check_nothing_rests(rows)
    check_overlaps(rows, stored)
    table.raise_errors()
    delivered = [entry for entry in entries if entry.row.line not in lines]
    renamed, other_names = rename_companies(rows, stored.companies)
    report = save_placements(delivered, rows, stored, renamed)
    draft_agreements(stored.locked, today=clock.today())
    return report.listing(sorted([*listed, *other_names]))


def _entries(
    citizens: list[tuple[FileRow, crypto.LookupHash]], not_after: datetime.date | None
) -> Iterator[PlacementEntry]:
    """Yield the rows that are valid in themselves; add the errors of the others."""
    terms = list(TrialTerms.objects.all())
    first_rows: dict[tuple[bytes, str, str, datetime.date], dict[str, int]] = {}
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
        of_key = first_rows.setdefault(key, {})
        p_number = entry.values["p_number"]
        # At two workplaces at once, each is named by its P-number.
        line = of_key.get(p_number) or (next(iter(of_key.values()), None) if not p_number else of_key.get(""))
        if line is not None:
            row.fail("cpr", _("this placement is already on line %(line)d") % {"line": line})
        of_key.setdefault(p_number, row.line)
        yield entry


def _entry(row: FileRow, citizen: crypto.LookupHash, terms: Sequence[TrialTerms]) -> PlacementEntry | None:
    """Return the row's values, or None when something in it is wrong."""
    errors_before = len(row.errors)
    cvr = row.cvr("cvr")
    company = row.name("company")
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
    source_id = read_source_id(row)
    if len(row.errors) > errors_before or starts_on is None or not citizen:
        return None
    return PlacementEntry(row, citizen, cvr, company, kind, starts_on, values, source_id)


def _citizen(row: FileRow) -> crypto.LookupHash:
    """Return the keyed hash of the row's CPR number, empty when it is invalid; the number is not kept."""
    digits = read_cpr(row)
    return crypto.LookupHash() if digits is None else crypto.lookup_hash(digits)


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


def _courses(courses: QuerySet[Course], citizens: Collection[crypto.LookupHash]) -> dict[bytes, int]:
    """Return the course id of each citizen who has a course."""
    ids: dict[bytes, int] = {}
    for batch in batches(sorted(citizens)):
        by_lookup = Citizen.objects.by_lookup(batch)
        # Nobody has the id 0: an unknown number costs the same query as one of another project (D39).
        found_courses = courses.filter(citizen__in=[0, *by_lookup.values()])
        course_ids = dict(found_courses.values_list("citizen_id", "pk"))
        ids |= {lookup: course_ids[citizen] for lookup, citizen in by_lookup.items() if citizen in course_ids}
    return ids
