"""A wrong day or a wrong tick is corrected beside what was recorded, and the correction counts (D9, D41)."""

import datetime
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import Absence
from cases import actions
from cases.elements import stored
from cases.models import CorrectedAttendance, FollowUpMeeting, MeetingCorrection
from jobfirst.encryption.encrypted_text import Ciphertext
from jobfirst.kit.versioned import StaleError
from jobfirst.values.dates import DAY
from reminders import deadlines
from reminders.models import Deadline
from tests.concurrency import run_at_once
from tests.factories import FollowUpMeetingFactory, UserFactory
from tests.pdf_text import pdf_text
from tests.validation import error_codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


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


def test_what_was_recorded_of_a_held_meeting_is_never_changed(held, wednesday):
    rows = FollowUpMeeting.objects.filter(pk=held.pk)
    for values in (
        {"held_on": wednesday - DAY},
        {"state": "booked", "held_on": None},
        {"summary": Ciphertext("Andet")},
    ):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            rows.update(**values)


def test_a_correction_is_never_changed(held, holder):
    correct(held, holder, held_on=datetime.date(2016, 5, 17))
    for act in (
        lambda: MeetingCorrection.objects.update(reason="X"),
        MeetingCorrection.objects.all().delete,
        CorrectedAttendance.objects.all().delete,
    ):
        with pytest.raises(DatabaseError, match=r"permission denied|Cannot update"), transaction.atomic():
            act()


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


def test_what_follows_stands_with_the_meeting_that_is_the_latest_as_corrected(as_user, holder, held, course):
    earlier = FollowUpMeetingFactory(course=course, held=True, held_on=held.held_on - 7 * DAY)
    pages = {meeting: reverse("cases:meeting", args=[meeting.public_id]) for meeting in (held, earlier)}
    client = as_user(holder)

    def meetings_with_what_follows():
        return [
            meeting for meeting, page in pages.items() if 'id="next"' in client.get(page).content.decode()
        ]

    assert meetings_with_what_follows() == [held]
    correct(held, holder, held_on=held.held_on - 14 * DAY)
    assert meetings_with_what_follows() == [earlier]


def test_a_correction_that_changes_nothing_is_not_called_saved(as_user, holder, held):
    address = reverse("cases:correct_meeting", args=[held.public_id])
    data = {"held_on": "2016-05-18", "citizen_present": "on", "attendees": [holder.pk], "version": "0"}
    page = as_user(holder).post(address, {**data, "reason": "Tastefejl"}, follow=True).content.decode()
    assert "Rettelsen er gemt." not in page
    assert "Intet er ændret." in page
    correct(held, holder, attendees=[])
    data = {"held_on": "2016-05-18", "citizen_present": "on", "version": "1", "reason": "En anden grund"}
    page = as_user(holder).post(address, data, follow=True).content.decode()
    assert "Intet er ændret." in page
    assert "En anden grund" not in page


def test_the_same_correction_sent_twice_is_saved(as_user, holder, held):
    address = reverse("cases:correct_meeting", args=[held.public_id])
    data = {"held_on": "2016-05-17", "citizen_present": "on", "reason": "Forkert dag", "version": "0"}
    for _time in range(2):
        assert "Rettelsen er gemt." in as_user(holder).post(address, data, follow=True).content.decode()
    assert MeetingCorrection.objects.count() == 1


def test_a_later_correction_keeps_who_came_by_the_earlier_one(as_user, holder, held, project, wednesday):
    stand_in = UserFactory(name="Viggo Vikar", project=project, roles=["mentor"])
    correct(held, holder, attendees=[stand_in])
    page = as_user(holder).get(reverse("cases:correct_meeting", args=[held.public_id])).content.decode()
    (box,) = re.findall(rf'<input[^>]*name="attendees"[^>]*value="{stand_in.pk}"[^>]*>', page)
    assert "checked" in box


def test_who_stood_in_on_the_day_can_be_corrected_in(as_user, holder, held, project, wednesday):
    stand_in = UserFactory(name="Viggo Vikar", project=project, roles=["course_owner"])
    Absence.objects.create(
        user=holder, project=project, first_on=wednesday, last_on=wednesday, stand_in=stand_in
    )
    with time_machine.travel(datetime.datetime(2016, 6, 1, 8, tzinfo=datetime.UTC)):
        page = as_user(holder).get(reverse("cases:correct_meeting", args=[held.public_id])).content.decode()
    assert "Viggo Vikar" in page


@pytest.mark.django_db(transaction=True)
def test_two_corrections_at_once_are_never_mixed(held, holder, wednesday):
    outcomes = run_at_once(
        [
            lambda: correct(held, holder, held_on=wednesday - DAY, version=0),
            lambda: correct(held, holder, attendees=[], version=0),
        ]
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["MeetingCorrection", "StaleError"]
    correction = MeetingCorrection.objects.get()
    held.refresh_from_db()
    assert held.counted_on == correction.held_on


def test_a_correction_never_lies_ahead_or_beyond_the_course_in_a_real_system(held, holder, course, wednesday):
    for day, code in ((wednesday + DAY, "future"), (course.started_on - DAY, "before_start")):
        with pytest.raises(ValidationError) as caught:
            correct(held, holder, held_on=day, not_after=wednesday)
        assert error_codes(caught) == {"held_on": code}


def test_a_correction_is_for_who_manages_the_courses_meetings(as_user, held, colleague, stranger, course):
    address = reverse("cases:correct_meeting", args=[held.public_id])
    data = {"held_on": "2016-05-17", "reason": "Min egen grund", "version": "0"}
    for user in (colleague, stranger):
        assert as_user(user).get(address).status_code == 404
        assert as_user(user).post(address, data).status_code == 404
    assert not MeetingCorrection.objects.exists()


def test_core_elements_follow_a_correction(held, holder, course):
    deadlines.recompute()
    stored.recompute()
    correct(held, holder, citizen_present=False)
    assert list(stored.described_differences()) == []
    assert list(deadlines.differences()) == []
