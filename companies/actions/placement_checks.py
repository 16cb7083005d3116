"""What a file of placements may not say, given what is stored (D41, D42): each check adds errors to rows."""

from collections.abc import Iterable
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from cases.models import Course
from cases.models.course import EndReason
from cases.rules.deliveries import DeliveredChange
from cases.rules.weekly_contact import week_of
from companies.actions.placement_entries import PlacementEntry, PlacementKey
from companies.actions.placement_matching import StoredPlacements
from companies.actions.placement_rows import check_length
from companies.models import (
    AgreementState,
    AnnexReply,
    AttendanceWeek,
    ClosingAssessment,
    Placement,
    PlacementReport,
    ReportState,
    WorkAgreement,
)
from companies.rules.attendance import days_possible
from jobfirst.database.batches import batches
from jobfirst.exchange import RowError
from jobfirst.values.dates import DateSpan

#: The values by which two placements of one kind at one place are told apart in time.
DAYS = frozenset({"starts_on", "planned_end_on", "ended_on"})
PLACE = frozenset({"cvr", "kind", "p_number"})

#: What the company and the team have recorded of a placement.
RECORDS: tuple[type[Model], ...] = (AttendanceWeek, AnnexReply, PlacementReport, ClosingAssessment)


class MatchedRow(NamedTuple):
    """A row with the stored placement that it is, None for a new one, and what it changes of it."""

    entry: PlacementEntry
    placement: Placement | None
    change: DeliveredChange


def matched_rows(entries: list[PlacementEntry], stored: StoredPlacements) -> list[MatchedRow]:
    """Return each row with its placement and its changes; a new one changes nothing."""
    return [
        MatchedRow(
            entry,
            placement,
            DeliveredChange({}, []) if placement is None else stored.change_of(entry, placement),
        )
        for entry, placement in stored.matched(entries)
    ]


def check_once(entries: list[PlacementEntry], stored: StoredPlacements) -> None:
    """Add an error to a row that is a placement once more: by its `source_id`, or under a CVR number or
    P-number that was merged."""
    first_keys: dict[tuple[PlacementKey, str], PlacementEntry] = {}
    first_ids: dict[tuple[int, str], PlacementEntry] = {}
    for entry in entries:
        key = stored.key(entry)
        first = first_keys.setdefault((key, entry.values["p_number"]), entry)
        if first is not entry:
            entry.row.fail("cpr", _("this placement is already on line %(line)d") % {"line": first.row.line})
        if entry.source_id:
            first = first_ids.setdefault((key.course, entry.source_id), entry)
            if first is not entry:
                text = _("stands in line %(line)d already") % {"line": first.row.line}
                entry.row.fail("source_id", text)


def check_source_ids(entries: list[PlacementEntry], stored: StoredPlacements) -> None:
    """Add an error to a row whose `source_id` was delivered of another citizen of the same municipality.

    The citizen of a row is never corrected by a file: a person withdraws the placement there first.
    """
    ids = {entry.source_id for entry in entries if entry.source_id}
    municipalities = {course.municipality_id for course in stored.locked.values()}
    others: dict[tuple[str, str], set[int]] = {}
    for batch in batches(sorted(ids)):
        rows = Placement.objects.filter(
            delivered__source_id__in=batch, course__municipality__in=municipalities
        ).values_list("course__municipality", "delivered__source_id", "course")
        for municipality, source_id, course_id in rows:
            others.setdefault((municipality, source_id), set()).add(course_id)
    lines: dict[tuple[str, str], PlacementEntry] = {}
    for entry in entries:
        if not entry.source_id:
            continue
        course = stored.course(entry)
        key = (course.municipality_id, entry.source_id)
        first = lines.setdefault(key, entry)
        if others.get(key, set()) - {course.pk} or stored.course(first) != course:
            text = _("is another citizen's placement; withdraw that one by hand first")
            entry.row.fail("source_id", text)


def check_begins_in_course(rows: Iterable[MatchedRow], stored: StoredPlacements) -> None:
    """Add an error to each placement that would begin after the course has ended (D42)."""
    for entry, placement, change in rows:
        course = stored.course(entry)
        begins = placement is None or "starts_on" in change.values
        if begins and course.ended_on is not None and entry.starts_on > course.ended_on:
            entry.row.fail("starts_on", _("the course had ended by then; nothing begins after its end"))


def check_overlaps(rows: list[MatchedRow], stored: StoredPlacements) -> None:
    """Add an error to each row that would overlap a stored placement of the citizen, company and kind.

    Rows of one file may overlap among themselves: so the source has them. A workplace that is not known may
    be any of the company's.
    """
    changes = {row.placement.pk: row for row in rows if row.placement is not None}
    for row in rows:
        if row.placement is not None and not (row.change.values.keys() & (DAYS | PLACE)):
            continue
        place = _place_after(row, stored)
        for other in stored.recorded.standing.get(stored.courses[row.entry.citizen], ()):
            if other == row.placement:
                continue
            there = _place_after(changes[other.pk], stored) if other.pk in changes else _place_of(other)
            if place.overlaps(there) and not (
                row.placement is not None and _place_of(row.placement).overlaps(_place_of(other))
            ):
                _fail_overlap(row.entry, there)


def _fail_overlap(entry: PlacementEntry, other: "_Place") -> None:
    until = other.span.last.isoformat() if other.span.last else _("open-ended")
    text = _(
        "overlaps a stored placement of this kind at the company, %(first)s to %(last)s; "
        "correct that one by hand, or deliver both with a source_id"
    )
    entry.row.fail("starts_on", text % {"first": other.span.first.isoformat(), "last": until})


class _Place(NamedTuple):
    """Where and when a placement is: the company by id, an empty P-number when that is not known."""

    company: int
    kind: str
    p_number: str
    span: DateSpan

    def overlaps(self, other: "_Place") -> bool:
        """Whether both are of one kind, may be at one workplace, and share a day."""
        is_elsewhere = "" not in (self.p_number, other.p_number) and self.p_number != other.p_number
        is_same = (self.company, self.kind) == (other.company, other.kind) and not is_elsewhere
        return is_same and self.span.overlaps(other.span)


def _place_of(placement: Placement) -> _Place:
    return _Place(placement.company_id, placement.kind, placement.p_number, placement.span)


def _place_after(row: MatchedRow, stored: StoredPlacements) -> _Place:
    """Return where and when the row's placement is once the row has been applied."""
    entry, placement, change = row
    if placement is None:
        key, values = stored.key(entry), entry.values
        span = DateSpan(key.starts_on, values["ended_on"] or values["planned_end_on"])
        return _Place(key.company, key.kind, values["p_number"], span)
    after = {name: change.values.get(name, getattr(placement, name)) for name in DAYS | {"kind", "p_number"}}
    company = stored.companies[entry.cvr].pk if "cvr" in change.values else placement.company_id
    span = DateSpan(after["starts_on"], after["ended_on"] or after["planned_end_on"])
    return _Place(company, after["kind"], after["p_number"], span)


def check_nothing_rests(rows: Iterable[MatchedRow]) -> None:
    """Add an error to a corrected first day, company or kind on which something irreversible rests (D41).

    What was approved or paid is no hindrance: the next statement adjusts it.
    """
    moved = {
        row.placement.pk: row
        for row in rows
        if row.placement is not None and row.change.values.keys() & {"starts_on", "cvr", "kind"}
    }
    if not moved:
        return
    agreements = WorkAgreement.objects.filter(placement__in=moved).exclude(state=AgreementState.REPLACED)
    bound = set(agreements.exclude(state=AgreementState.DRAFT).values_list("placement", flat=True))
    recorded = set(agreements.values_list("placement", flat=True))
    for model in RECORDS:
        rows_of_model = model._base_manager.filter(placement__in=moved)
        recorded |= set(rows_of_model.values_list("placement", flat=True))
    before = _recorded_before(moved)
    for pk, row in moved.items():
        for name in sorted(row.change.values.keys() & {"starts_on", "cvr", "kind"}):
            if pk in bound or pk in (before if name == "starts_on" else recorded):
                text = _(
                    "an agreement, attendance or an answer of the company rests on this; correct it by hand"
                )
                row.entry.row.fail(name, text)


def _recorded_before(moved: dict[int, MatchedRow]) -> set[int]:
    """Return the placements with attendance, or a waiting report, before their new first day."""
    before = set()
    for week in AttendanceWeek.objects.filter(placement__in=moved):
        span = DateSpan(moved[week.placement_id].entry.starts_on)
        if week.days.total > days_possible(span, week_of(week.monday)):
            before.add(week.placement_id)
    for report in PlacementReport.objects.filter(placement__in=moved, state=ReportState.WAITING):
        if (report.first_on or report.last_on) < moved[report.placement_id].entry.starts_on:
            before.add(report.placement_id)
    return before


def contradictions(rows: Iterable[MatchedRow], stored: StoredPlacements) -> list[RowError]:
    """Return the values of the rows that contradict what a person has entered (D42)."""
    other_value = _("somebody has entered another value; correct the placement by hand if the file is right")
    other_days = _("does not fit the days that somebody has entered; correct the placement by hand")
    death = _("the course ended with the citizen's death; deliver the last day, or correct the end by hand")
    listed = []
    for row in rows:
        line = row.entry.row.line
        listed += [RowError(line, name, other_value) for name in row.change.contradicted]
        if not row.change.contradicted and not _fits_kept_days(row):
            listed.append(RowError(line, min(row.change.values.keys() & (DAYS | {"kind"})), other_days))
        if row.placement is None and _outlives_citizen(row.entry, stored.course(row.entry)):
            listed.append(RowError(line, "ended_on", death))
    return listed


def _fits_kept_days(row: MatchedRow) -> bool:
    """Whether the row's new days and kind fit those that a person has entered and that stay (D14).

    A row is valid in itself: only together with a value that is not its own it can be wrong.
    """
    entry, placement, change = row
    if placement is None or not change.values.keys() & (DAYS | {"kind"}):
        return True
    stated = {**entry.values, **entry.identity}
    after = {name: change.values.get(name, getattr(placement, name)) for name in (*DAYS, "kind")}
    if all(stated[name] == value for name, value in after.items()):
        return True
    if after["ended_on"] is not None and after["ended_on"] < after["starts_on"]:
        return False
    try:
        check_length(after["kind"], after["starts_on"], after["planned_end_on"])
    except ValidationError:
        return False
    return True


def _outlives_citizen(entry: PlacementEntry, course: Course) -> bool:
    """Whether a new placement would go on after the citizen's death, of which the source does not know."""
    last = entry.values["ended_on"]
    return (
        course.end_reason == EndReason.DIED
        and course.ended_on is not None
        and (last is None or last > course.ended_on)
    )


def contradicts_withdrawal(entry: PlacementEntry) -> RowError:
    """Return what is listed of a row that says otherwise than a placement that a person has withdrawn."""
    text = _("this placement was withdrawn as entered in error; if it took place, register it by hand")
    return RowError(entry.row.line, "starts_on", text)
