"""Corrections of a held meeting: its day, and who came (D9, D41)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, check_day, locked
from cases.actions.deadlines import OF_MEETINGS, updates_deadlines
from cases.models import CorrectedAttendance, FollowUpMeeting, MeetingCorrection, MeetingState
from jobfirst.kit.versioned import ensure_latest


@dataclass(frozen=True)
class MeetingRecord:
    """What is recorded of a held meeting: its day, whether the citizen came, and the staff who came."""

    held_on: datetime.date
    citizen_present: bool
    attendees: frozenset[User]
    took_place: bool = True


def record_of(meeting: FollowUpMeeting, corrections: Sequence[MeetingCorrection]) -> MeetingRecord:
    """Return what counts of a held meeting: the last of its corrections, or what was recorded first."""
    if corrections:
        latest = corrections[-1]
        return MeetingRecord(
            latest.held_on, latest.citizen_present, frozenset(latest.attendees.all()), latest.took_place
        )
    assert meeting.held_on is not None  # of a held meeting
    return MeetingRecord(meeting.held_on, bool(meeting.citizen_present), frozenset(meeting.attendees.all()))


@updates_deadlines(*OF_MEETINGS)
@transaction.atomic
def correct_meeting(
    meeting: FollowUpMeeting,
    *,
    held_on: datetime.date,
    citizen_present: bool,
    attendees: Iterable[User],
    reason: str,
    by: User | None,
    took_place: bool = True,
    not_after: datetime.date | None = None,
    version: int | None = None,
) -> MeetingCorrection | None:
    """Correct who came to a held meeting, or its day; what was recorded first stays beside it (D41).

    Without the citizen the meeting counts as held no longer (D9); nor does one that did not take place at
    all, whose promises are none then. A later correction may say that it did.

    `version` is the number of corrections when the form was opened: `StaleError` when there is a later one.
    Idempotent: what counts already makes no correction; the latest one is returned, None without any.
    """
    course = locked(meeting.course)
    meeting = FollowUpMeeting.objects.get(pk=meeting.pk)
    if meeting.state != MeetingState.HELD:
        raise ValidationError(_("The meeting is not held yet."), code="not_held")
    check_day(course, "held_on", held_on, not_after)
    corrections = list(meeting.meeting_corrections.all())
    latest = corrections[-1] if corrections else None
    people = frozenset(attendees if took_place else ())
    record = MeetingRecord(held_on, citizen_present and took_place, people, took_place)
    if record == record_of(meeting, corrections):
        return latest
    ensure_latest(latest, len(corrections), version)
    return _store(meeting, record, reason, by)


def _store(
    meeting: FollowUpMeeting, record: MeetingRecord, reason: str, by: User | None
) -> MeetingCorrection:
    """Store the correction with who came, and what counts with the meeting."""
    correction = MeetingCorrection.objects.create(
        meeting=meeting,
        held_on=record.held_on,
        citizen_present=record.citizen_present,
        took_place=record.took_place,
        reason=reason,
        written_by=by,
    )
    CorrectedAttendance.objects.bulk_create(
        CorrectedAttendance(correction=correction, user=person) for person in record.attendees
    )
    changed(
        meeting,
        {
            "corrected_on": record.held_on,
            "citizen_was_absent": not record.citizen_present,
            "was_not_held": not record.took_place,
        },
    )
    return correction
