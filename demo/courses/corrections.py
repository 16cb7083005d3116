"""What was corrected in the demo: a contact entered twice, one with a wrong day, and the day of a promise.

No random numbers are used, and nothing that counts changes: the rest of the demo stays as it is (D41).
"""

import uuid
from collections.abc import Iterable

from django.utils import timezone

from audit.models import Correction, CorrectionAct
from cases.models import CourseFunction, MeetingDecision, MentorContact
from demo.courses.history import CourseHistory
from jobfirst.values.dates import DAY, WEEK


def add_corrections(histories: Iterable[CourseHistory]) -> None:
    """Let a contact of each course that has several be corrected, and another one be entered twice."""
    for history in histories:
        contacts = [contact for contact in history.rows[MentorContact] if contact.citizen_present]
        if len(contacts) > 3:
            correct(history, contacts[1])
            enter_twice(history, contacts[2])
        for promise in history.rows[MeetingDecision][:1]:
            correct_promise(history, promise)


def correct(history: CourseHistory, contact: MentorContact) -> None:
    """Say that the day of a contact was corrected."""
    mentor = history.people[CourseFunction.MENTOR]
    history.rows[Correction].append(
        Correction(
            label="cases.mentorcontact",
            subject=contact.public_id,
            act=CorrectionAct.CORRECTED,
            reason="Forkert dag",
            before={"held_on": (contact.held_on - DAY).isoformat()},
            made_by=mentor,
        )
    )


def correct_promise(history: CourseHistory, promise: MeetingDecision) -> None:
    """Say that the day of a promise was corrected."""
    history.rows[Correction].append(
        Correction(
            label="cases.meetingdecision",
            subject=promise.public_id,
            act=CorrectionAct.CORRECTED,
            reason="Vi aftalte en uge mere",
            before={"due_on": (promise.due_on - WEEK).isoformat()},
            made_by=history.people[CourseFunction.COURSE_OWNER],
        )
    )


def enter_twice(history: CourseHistory, contact: MentorContact) -> None:
    """Add the same contact once more, marked as entered in error."""
    mentor = history.people[CourseFunction.MENTOR]
    reason = "Registreret to gange"
    duplicate = MentorContact(
        public_id=uuid.uuid5(contact.public_id, "twice"),
        course=contact.course,
        held_on=contact.held_on,
        channel=contact.channel,
        registered_by=mentor,
        withdrawn_at=timezone.now(),
        withdrawn_by=mentor,
        withdrawn_reason=reason,
    )
    history.rows[MentorContact].append(duplicate)
    history.rows[Correction].append(
        Correction(
            label="cases.mentorcontact",
            subject=duplicate.public_id,
            act=CorrectionAct.WITHDRAWN,
            reason=reason,
            made_by=mentor,
        )
    )
