"""`import_paid_hours`: the paid hours of citizens of both arms, by month (D20, docs/formats.md).

1. Read every row and collect its errors.
2. Find the drawn citizens, in batches. Anybody else gets the same error, whatever the reason.
3. Stop here when there are errors: nothing is saved.
4. Lock the citizens, so that two imports do not mix. Create the months that are new and correct those with
   other hours; the history keeps the hours before.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Project
from cases.exchange import CPR, read_cpr
from cases.import_reports import CitizenImportReport
from cases.models import Citizen
from evaluation.models import MOST_HOURS_A_MONTH, PaidHours
from jobfirst import progress
from jobfirst.database.batches import BATCH, UPDATE_BATCH, batches
from jobfirst.encryption import crypto
from jobfirst.exchange import FileColumn, FileRow, FileTable
from jobfirst.values.dates import DateSpan

PAID_HOURS_COLUMNS = (
    CPR,
    FileColumn("month", gettext_lazy("The month"), "2016-09"),
    FileColumn("hours", gettext_lazy("The paid hours of the month, 0 when there are none"), "37,5"),
)
#: The id of a citizen, and the first day of a month.
Month = tuple[int, datetime.date]


@dataclass(frozen=True, slots=True)
class PaidHoursEntry:
    """One valid row: the hours of a citizen, by the keyed hash of the CPR number, in a month."""

    row: FileRow
    citizen: crypto.LookupHash
    month: datetime.date
    hours: Decimal


@transaction.atomic
def import_paid_hours(table: FileTable, *, not_after: datetime.date | None = None) -> CitizenImportReport:
    """Save the rows; return how many months were `created`, `updated` and `unchanged`. Raises BadFile.

    `not_after` is the last day allowed as the first day of a month (today in a real system).
    """
    trial = _trial_months()
    months = [paid for row in table if (paid := _read_row(row, trial, not_after)) is not None]
    citizens = _drawn_citizens({paid.citizen for paid in months})
    for paid in months:
        if paid.citizen and paid.citizen not in citizens:
            paid.row.fail("cpr", _("is not the number of a citizen who has been drawn"))
    hours = _by_citizen_and_month(months, citizens)
    table.raise_errors()
    counts = save_paid_hours(hours)
    return CitizenImportReport(
        dict.fromkeys(citizen.public_id for citizen in citizens.values()),
        created=counts.created,
        updated=counts.updated,
        unchanged=len(months) - counts.created - counts.updated,
    )


def _trial_months() -> DateSpan | None:
    """Return the days of the trial's months: from the first project's start to the last one's end."""
    days = Project.objects.aggregate(first=Min("starts_on"), last=Max("ends_on"))
    return None if days["first"] is None else DateSpan(days["first"].replace(day=1), days["last"])


def _read_row(row: FileRow, trial: DateSpan | None, not_after: datetime.date | None) -> PaidHoursEntry | None:
    """Return the row's values, or None when month or hours cannot be read.

    Without a readable CPR number the citizen is empty.
    """
    digits = read_cpr(row)
    month = row.month("month")
    hours = row.decimal("hours", lowest=Decimal(0), highest=MOST_HOURS_A_MONTH)
    if month is not None and (trial is None or month not in trial):
        row.fail("month", _("lies outside the trial"))
    elif month is not None and not_after is not None and month > not_after:
        row.fail("month", _("lies in the future"))
    if month is None or hours is None:
        return None
    return PaidHoursEntry(
        row, crypto.LookupHash() if digits is None else crypto.lookup_hash(digits), month, hours
    )


def _drawn_citizens(lookups: set[crypto.LookupHash]) -> dict[bytes, Citizen]:
    """Return the drawn citizens of both arms, with their ids only, by the keyed hash of the CPR number."""
    hashes = sorted(lookup for lookup in lookups if lookup)
    drawn: dict[bytes, Citizen] = {}
    for batch in batches(hashes):
        ids = Citizen.objects.by_lookup(batch)
        citizens = Citizen.objects.filter(allocation__isnull=False).only("public_id")
        of_batch = citizens.in_bulk(sorted(set(ids.values())))
        drawn |= {lookup: of_batch[pk] for lookup, pk in ids.items() if pk in of_batch}
    return drawn


def _by_citizen_and_month(
    months: Iterable[PaidHoursEntry], citizens: dict[bytes, Citizen]
) -> dict[Month, Decimal]:
    """Return the hours by citizen and month; a month that stands twice with different hours is an error."""
    lines: dict[Month, PaidHoursEntry] = {}
    for paid in months:
        citizen = citizens.get(paid.citizen)
        if citizen is None:
            continue
        before = lines.setdefault((citizen.pk, paid.month), paid)
        if before.hours != paid.hours:
            paid.row.fail(
                "hours",
                _("this citizen and month have other hours on line %(line)d") % {"line": before.row.line},
            )
    return {key: paid.hours for key, paid in lines.items()}


@dataclass(frozen=True)
class SavedMonths:
    """How many months were created and corrected."""

    created: int
    updated: int


def save_paid_hours(hours: dict[Month, Decimal]) -> SavedMonths:
    """Create and correct months of drawn citizens, under a lock of the citizens. Idempotent."""
    stored = _stored_months(sorted({citizen for citizen, _month in hours}))
    created = [
        PaidHours(citizen_id=citizen, month=month, hours=number)
        for (citizen, month), number in hours.items()
        if (citizen, month) not in stored
    ]
    updated = []
    for key, number in hours.items():
        paid = stored.get(key)
        if paid is not None and paid.hours != number:
            paid.hours = number
            updated.append(paid)
    for new in progress.batches(created, BATCH, _("New months")):
        PaidHours.objects.bulk_create(new)
    for changed in progress.batches(updated, UPDATE_BATCH, _("Corrected months")):
        PaidHours.objects.bulk_update(changed, ["hours"])
    return SavedMonths(len(created), len(updated))


def _stored_months(citizens: Sequence[int]) -> dict[Month, PaidHours]:
    """Lock the citizens, in order, and return their stored months."""
    stored: dict[Month, PaidHours] = {}
    for batch in batches(citizens):
        list(Citizen.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=batch).order_by("pk"))
        for paid in PaidHours.objects.filter(citizen__in=batch):
            stored[paid.citizen_id, paid.month] = paid
    return stored
