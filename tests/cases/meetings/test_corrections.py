"""A wrong day or a wrong tick is corrected beside what was recorded, and the correction counts (D9, D41)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from cases import actions
from cases.models import MeetingCorrection, MinuteCorrection
from jobfirst.kit.versioned import StaleError
from reminders import deadlines
from reminders.models import Deadline
from tests.pdf_text import pdf_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)


@pytest.fixture
def held(meeting, holder, wednesday):
    return actions.hold_meeting(
        meeting, held_on=wednesday, citizen_present=True, attendees=[holder], by=holder
    )


def correct(meeting, by, **fields):
    content = {
        "held_on": datetime.date(2016, 5, 18),
        "citizen_present": True,
        "attendees": [by],
        "reason": "Tastefejl",
    }
    return actions.correct_meeting(meeting, **{**content, **fields}, by=by)


def next_meeting_due(course):
    rows = Deadline.objects.filter(kind="meeting_overdue", subject=str(course.public_id))
    return rows.unsettled_on(datetime.date(2016, 5, 18)).earliest("due_on").due_on


def test_the_recorded_day_stays_and_the_corrected_one_counts(held, holder, course, wednesday):
    deadlines.recompute()  # the course is made past the actions
    due_on = next_meeting_due(course)
    correct(held, holder, held_on=wednesday - DAY)
    held.refresh_from_db()
    assert (held.held_on, held.counted_on) == (wednesday, wednesday - DAY)
    assert next_meeting_due(course) == due_on - DAY
    assert list(deadlines.differences()) == []


def test_a_meeting_without_the_citizen_counts_no_more(held, holder, course):
    due_on = next_meeting_due(course)
    correct(held, holder, citizen_present=False)
    held.refresh_from_db()
    assert (held.state, held.counted_on) == ("held", None)
    assert next_meeting_due(course) < due_on


def test_who_came_stays_as_recorded_beside_the_correction(held, holder):
    correction = correct(held, holder, attendees=[])
    assert list(held.attendees.all()) == [holder]
    assert list(correction.attendees.all()) == []


def test_what_counts_already_makes_no_correction(held, holder):
    assert correct(held, holder) is None
    first = correct(held, holder, attendees=[])
    assert correct(held, holder, attendees=[]) == first
    assert MeetingCorrection.objects.count() == 1


def test_a_stale_correction_and_one_of_a_booked_meeting_are_refused(meeting, holder, wednesday):
    with pytest.raises(ValidationError, match="ikke holdt"):
        correct(meeting, holder)
    actions.hold_meeting(meeting, held_on=wednesday, citizen_present=True)
    correct(meeting, holder, version=0)
    with pytest.raises(StaleError):
        correct(meeting, holder, attendees=[], version=0)


def test_a_correction_is_never_changed(held, holder):
    correct(held, holder, attendees=[])
    with pytest.raises(DatabaseError, match=r"permission denied|Cannot update"), transaction.atomic():
        MeetingCorrection.objects.update(reason="X")
    assert not MinuteCorrection.objects.exists()


def test_the_page_shows_both_and_the_pdf_what_counts(as_user, holder, held):
    client = as_user(holder)
    address = reverse("cases:correct_meeting", args=[held.public_id])
    assert 'value="2016-05-18"' in client.get(address).content.decode()
    data = {"held_on": "2016-05-17", "citizen_present": "on", "reason": "Forkert dag", "version": "0"}
    page = client.post(address, data, follow=True).content.decode()
    for words in ("onsdag den 18. maj 2016", "tirsdag den 17. maj 2016", "Mette Mentor", "Forkert dag"):
        assert words in page
    assert "Testborger Ågesen, tirsdag den 17. maj 2016" in page, "the head says what counts"
    pdf = pdf_text(client.get(reverse("cases:meeting_pdf", args=[held.public_id])).content)
    assert "tirsdag den 17. maj 2016" in pdf
    assert "Mette Mentor" not in pdf
    assert client.post(address, {**data, "reason": "Igen", "held_on": "2016-05-16"}).status_code == 409


def test_a_correction_needs_its_reason_and_a_day_that_can_be(as_user, holder, held):
    address = reverse("cases:correct_meeting", args=[held.public_id])
    data = {"held_on": "2016-01-01", "citizen_present": "on", "version": "0"}
    page = as_user(holder).post(address, data).content.decode()
    assert "id_reason_error" in page
    page = as_user(holder).post(address, {**data, "reason": "x"}).content.decode()
    assert "id_held_on_error" in page
    assert not MeetingCorrection.objects.exists()
