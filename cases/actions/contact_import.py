"""Contacts and held meetings from a file: checked one by one, saved together."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import check_day, locked_courses, refuse
from cases.actions.deadlines import OF_CONTACTS, OF_MEETINGS, update_deadlines
from cases.actions.delivered_corrections import correct_delivered, is_as_delivered, is_correctable
from cases.actions.meetings import hold_without_deadlines
from cases.models import Course, DeliveredContact, FollowUpMeeting, MeetingState, MentorContact
from jobfirst import progress
from jobfirst.database.batches import BATCH, UPDATE_BATCH


@dataclass(frozen=True)
class ImportedContact:
    """A mentor contact or a held meeting as one row of a file; a meeting always has the citizen present."""

    course: Course
    held_on: datetime.date
    is_meeting: bool
    citizen_present: bool
    source_id: str = ""


@dataclass
class RecordedContacts:
    """What became of the rows: how many are new, and which corrected a record (D42).

    `contradicted` are the places of those that contradict what a person has made of the record; they are not
    applied.
    """

    created: int = 0
    corrected: list[ImportedContact] = field(default_factory=list)
    contradicted: list[int] = field(default_factory=list)

    @property
    def updated(self) -> int:
        """How many rows corrected a record."""
        return len(self.corrected)


class ContactKey(NamedTuple):
    """What identifies a contact or a held meeting that has no `source_id`."""

    is_meeting: bool
    course: int
    held_on: datetime.date
    citizen_present: bool


@transaction.atomic
def record_contacts(contacts: Sequence[ImportedContact], *, by: User | None = None) -> RecordedContacts:
    """Record many contacts and meetings; return how many were new or corrected.

    1. A row that a file has delivered before changes nothing, whatever a person has made of it since (D42):
       it is known by its `source_id`, without one by course, kind, day and presence. With other values under
       the same `source_id` it corrects the record, unless a person has corrected or withdrawn that.
       Rows with an id come first, so that those without one meet what the file says of the others.
    2. A row that no file has delivered, of a day on which a person has withdrawn or corrected the record,
       contradicts that person (`_contradicts`).
    3. A contact or meeting that is already recorded is not recorded again; a corrected meeting is known by
       its recorded day and by the corrected one (D41).
    4. A meeting booked for that day is marked as held instead of adding another one.

    Each contact must have passed `check_contact`. Locks all the courses in order of their ids, so that two
    imports cannot deadlock.
    """
    ids = sorted(locked_courses(contact.course.pk for contact in contacts))
    delivered = Deliveries(ids)
    records = _records(ids)
    result = RecordedContacts()
    new_contacts = _compare(contacts, delivered, records, result, by)
    _save_new(list(new_contacts.values()), records, ids, by)
    delivered.save(records)
    result.created = len(new_contacts)
    result.contradicted.sort()
    courses = {contact.course.pk: contact.course for contact in (*new_contacts.values(), *result.corrected)}
    update_deadlines(courses.values(), *OF_CONTACTS, *OF_MEETINGS)
    return result


Records = dict[ContactKey, MentorContact | FollowUpMeeting]


def _compare(
    contacts: Sequence[ImportedContact],
    delivered: "Deliveries",
    records: Records,
    result: RecordedContacts,
    by: User | None,
) -> dict[ContactKey, ImportedContact]:
    """Correct what rows of the file correct, note the others in the result, and return those that are new."""
    new_contacts: dict[ContactKey, ImportedContact] = {}
    for place, contact in sorted(enumerate(contacts), key=lambda item: item[1].source_id == ""):
        row = delivered.row_of(contact)
        if row is not None and key_of(row) != _key(contact):
            before = key_of(row)
            if not is_correctable(row, contact.held_on, contact.citizen_present):
                result.contradicted.append(place)
            elif correct_delivered(row, contact.held_on, contact.citizen_present, by=by):
                result.corrected.append(contact)
                _follow(records, before, row)
                delivered.remember(row)
        elif row is None and _contradicts(contact, delivered, records):
            result.contradicted.append(place)
        elif row is None:
            delivered.add(contact)
            if _key(contact) not in records:
                new_contacts.setdefault(_key(contact), contact)
    return new_contacts


def _contradicts(contact: ImportedContact, delivered: "Deliveries", records: Records) -> bool:
    """Whether a row that no file has delivered says what a person has taken back (D42).

    That is a contact that a person withdrew or a meeting that was not held, and for a row without an id also
    any that files have placed on this day and a person has corrected or withdrawn since.
    """
    record = records.get(_key(contact))
    if isinstance(record, MentorContact) and record.withdrawn_at is not None:
        return True
    if isinstance(record, FollowUpMeeting) and record.counted_on is None:
        return True
    rows = () if contact.source_id else delivered.rows_of_day(contact)
    return any(not is_as_delivered(row) for row in rows)


def _follow(records: Records, before: ContactKey, row: DeliveredContact) -> None:
    """Let the records know a corrected one by what it is now; a meeting also by what was recorded first."""
    record = row.meeting if row.is_meeting else row.contact
    assert record is not None  # just corrected
    former = records.get(before)
    if isinstance(former, MentorContact) and former.pk == record.pk:
        del records[before]
    records[key_of(row)] = record


def _save_new(
    contacts: Sequence[ImportedContact], records: Records, courses: Sequence[int], by: User | None
) -> None:
    """Save the new contacts and meetings, and add them to the records."""
    booked = _booked_days(courses)
    meetings = []
    for contact in contacts:
        if not contact.is_meeting:
            continue
        meeting = booked.get((contact.course.pk, contact.held_on))
        if meeting is not None:
            hold_without_deadlines(meeting, held_on=contact.held_on, citizen_present=True, by=by)
        else:
            meeting = _held_meeting(contact, by)
            meetings.append(meeting)
        records[_key(contact)] = meeting
    for batch in progress.batches(meetings, BATCH, _("Meetings")):
        FollowUpMeeting.objects.bulk_create(batch)
    mentor_contacts = {
        _key(contact): _mentor_contact(contact, by) for contact in contacts if not contact.is_meeting
    }
    for rows in progress.batches(list(mentor_contacts.values()), BATCH, _("Contacts")):
        MentorContact.objects.bulk_create(rows)
    records |= mentor_contacts


class Deliveries:
    """What files have said of contacts and meetings of some courses, and what this one adds."""

    def __init__(self, courses: Sequence[int]) -> None:
        self._by_source: dict[tuple[int, str], DeliveredContact] = {}
        self._by_key: dict[ContactKey, DeliveredContact] = {}
        self._new: list[DeliveredContact] = []
        self._named: list[DeliveredContact] = []
        self._by_day: dict[tuple[bool, int, str], list[DeliveredContact]] = {}
        rows = DeliveredContact.objects.filter(course__in=courses)
        for row in rows.select_related("contact", "meeting__course").order_by("pk"):
            self.remember(row)

    def remember(self, row: DeliveredContact) -> None:
        """Know a row by its `source_id`, by what it says now and by the days that files said of it."""
        if row.source_id:
            self._by_source[row.course_id, row.source_id] = row
        self._by_key.setdefault(key_of(row), row)
        for day in {row.held_on.isoformat(), *row.earlier_days}:
            self._by_day.setdefault((row.is_meeting, row.course_id, day), []).append(row)

    def rows_of_day(self, contact: ImportedContact) -> list[DeliveredContact]:
        """Return the rows of the citizen and the kind that earlier files have ever said of this day."""
        key = (contact.is_meeting, contact.course.pk, contact.held_on.isoformat())
        return [row for row in self._by_day.get(key, []) if row.pk is not None]

    def row_of(self, contact: ImportedContact) -> DeliveredContact | None:
        """Return what a file said of this row before, or None; it takes on a `source_id` that is new."""
        row = self._by_source.get((contact.course.pk, contact.source_id))
        if row is not None and contact.source_id:
            return row
        row = self._by_key.get(_key(contact))
        is_another = row is not None and key_of(row) != _key(contact)  # corrected by a line before this one
        if row is None or is_another or (contact.source_id and row.source_id):
            return None
        if contact.source_id:
            row.source_id = contact.source_id
            self._by_source[row.course_id, row.source_id] = row
            if row.pk:
                self._named.append(row)
        return row

    def add(self, contact: ImportedContact) -> None:
        """Note what this file says of a row that no file has delivered before."""
        row = DeliveredContact(
            course=contact.course,
            is_meeting=contact.is_meeting,
            held_on=contact.held_on,
            citizen_present=contact.citizen_present,
            source_id=contact.source_id,
        )
        self._new.append(row)
        self.remember(row)

    def save(self, records: Records) -> None:
        """Save what is new, with the records that the rows made or that were there."""
        for row in self._new:
            record = records.get(key_of(row))
            row.contact = record if isinstance(record, MentorContact) else None
            row.meeting = record if isinstance(record, FollowUpMeeting) else None
        DeliveredContact.objects.bulk_create(self._new, batch_size=BATCH)
        DeliveredContact.objects.bulk_update(self._named, ["source_id"], batch_size=UPDATE_BATCH)


def key_of(row: DeliveredContact) -> ContactKey:
    """Return what identifies the row without its `source_id`."""
    return ContactKey(row.is_meeting, row.course_id, row.held_on, row.citizen_present)


def _key(contact: ImportedContact) -> ContactKey:
    return ContactKey(contact.is_meeting, contact.course.pk, contact.held_on, contact.citizen_present)


def _records(courses: Sequence[int]) -> Records:
    """Return all contacts, withdrawn ones as well, and held meetings of the courses by their keys.

    Of several with a key the last one stays: the oldest contact that stands, else the oldest withdrawn; the
    oldest meeting that counts on the day, else the oldest that was first recorded on it.
    """
    stands = IsNull(F("withdrawn_at"), True)
    mentor_contacts = MentorContact._base_manager.filter(course__in=courses).order_by(stands, "-pk")
    held_meetings = FollowUpMeeting.objects.filter(course__in=courses, held_on__isnull=False).order_by("-pk")
    records: Records = {
        ContactKey(False, contact.course_id, contact.held_on, contact.citizen_present): contact
        for contact in mentor_contacts.only("course_id", "held_on", "citizen_present", "withdrawn_at")
    }
    meetings = list(held_meetings.only("course_id", "held_on", "corrected_on", "citizen_was_absent"))
    days = [(meeting.held_on, meeting) for meeting in meetings]
    for day, meeting in (*days, *((meeting.counted_on, meeting) for meeting in meetings)):
        if day is not None:
            records[ContactKey(True, meeting.course_id, day, citizen_present=True)] = meeting
    return records


def _booked_days(courses: Sequence[int]) -> dict[tuple[int, datetime.date], FollowUpMeeting]:
    booked = FollowUpMeeting.objects.filter(course__in=courses, state=MeetingState.BOOKED).select_related(
        "course"
    )
    return {
        (meeting.course_id, timezone.localdate(meeting.planned_at)): meeting
        for meeting in booked
        if meeting.planned_at
    }


def _mentor_contact(contact: ImportedContact, by: User | None) -> MentorContact:
    return MentorContact(
        course=contact.course,
        held_on=contact.held_on,
        citizen_present=contact.citizen_present,
        registered_by=by,
    )


def _held_meeting(contact: ImportedContact, by: User | None) -> FollowUpMeeting:
    return FollowUpMeeting(
        course=contact.course,
        state=MeetingState.HELD,
        held_on=contact.held_on,
        citizen_present=True,
        registered_by=by,
    )


def check_contact(contact: ImportedContact, not_after: datetime.date | None = None) -> None:
    """Refuse a day outside the course or in the future, and a meeting without the citizen (D9)."""
    check_day(contact.course, "held_on", contact.held_on, not_after)
    if contact.is_meeting and not contact.citizen_present:
        raise refuse("citizen_present", _("A meeting is not held without the citizen."), "without_citizen")


class WrongSource(NamedTuple):
    """A contact whose `source_id` is another row's: its place, the column and what is wrong."""

    place: int
    column: str
    message: str


def check_sources(contacts: Sequence[ImportedContact]) -> list[WrongSource]:
    """Return the contacts whose `source_id` is another row's.

    An id names one row of a file, of one citizen in a municipality; neither citizen nor kind is corrected by
    a file.
    """
    named = [(place, contact) for place, contact in enumerate(contacts) if contact.source_id]
    if not named:
        return []
    stored: dict[tuple[str, str], list[DeliveredContact]] = {}
    rows = DeliveredContact.objects.filter(
        source_id__in={contact.source_id for _place, contact in named},
        course__municipality__in={contact.course.municipality_id for _place, contact in named},
    )
    for row in rows.select_related("course"):
        stored.setdefault((row.course.municipality_id, row.source_id), []).append(row)
    first: dict[tuple[str, str], ImportedContact] = {}
    wrong = []
    for place, contact in named:
        key = (contact.course.municipality_id, contact.source_id)
        earlier = first.setdefault(key, contact)
        others = stored.get(key, [])
        if earlier is not contact:
            wrong.append(WrongSource(place, "source_id", _("stands in an earlier line of the file")))
        elif any(row.course_id != contact.course.pk for row in others):
            wrong.append(WrongSource(place, "source_id", _("was delivered of another citizen")))
        elif any(row.is_meeting != contact.is_meeting for row in others):
            wrong.append(WrongSource(place, "kind", _("was delivered as another kind; correct it by hand")))
    return wrong
