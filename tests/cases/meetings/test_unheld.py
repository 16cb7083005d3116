"""A meeting that was not held: the page asks first, says what follows, and a mistake is undone (D9, D41)."""

import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from cases import actions
from cases.models import FollowUpMeeting, MeetingInvitation, MeetingState, SendingState
from jobfirst.values.dates import DAY
from reminders import deadlines
from reminders.models import Deadline
from tests.concurrency import run_at_once
from tests.factories import FollowUpMeetingFactory, MeetingDecisionFactory, UserFactory, mark_held

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def url(name, meeting):
    return reverse(f"cases:{name}", args=[meeting.public_id])


def form_of_hold(meeting, **fields):
    return {
        "act": "hold",
        "held_on": "2016-05-18",
        "citizen_present": "on",
        "attendees": [],
        "submission": uuid.uuid4(),
        **fields,
    }


@pytest.mark.parametrize(("name", "state"), [("cancel_meeting", "cancelled"), ("missed_meeting", "missed")])
def test_the_page_asks_before_it_acts(as_user, holder, meeting, name, state):
    client = as_user(holder)
    asked = client.post(url(name, meeting)).content.decode()  # a button without the question
    assert "Mødet tæller ikke som holdt: Book et nyt." in asked
    assert FollowUpMeeting.objects.get().state == MeetingState.BOOKED
    assert client.post(url(name, meeting), {"version": "1"}).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.state, meeting.closed_by) == (state, holder)


def test_the_page_of_cancelling_says_what_follows(as_user, holder, meeting):
    actions.save_minutes(meeting, {"cv": actions.MinuteDraft("Udkast", 0)}, by=holder)
    MeetingDecisionFactory(course=meeting.course, meeting=meeting, promised=False)
    page = as_user(holder).get(url("cancel_meeting", meeting)).content.decode()
    assert f"Mødet tages ud af kalenderen hos {holder}." in page
    assert "Borgeren får ikke automatisk besked" in page
    assert "Udkastet til referatet (1 punkt)" in page
    assert "1 beslutning i udkastet bliver ikke til en aftale." in page


def test_a_missed_meeting_of_which_nobody_knows_who_recorded_it_is_booked_again(as_user, leader, meeting):
    FollowUpMeeting.objects.update(state=MeetingState.MISSED)
    assert url("open_meeting_again", meeting) in as_user(leader).get(url("meeting", meeting)).content.decode()


def test_a_changed_meeting_is_not_cancelled_unseen(as_user, holder, meeting, at, wednesday):
    actions.move_meeting(meeting, planned_at=at(wednesday + DAY))
    response = as_user(holder).post(url("cancel_meeting", meeting), {"version": "1"})
    assert "En anden har ændret mødet" in response.content.decode()
    assert FollowUpMeeting.objects.get().state == MeetingState.BOOKED


def test_a_meeting_ahead_is_neither_missed_nor_held(as_user, holder, course, at, wednesday):
    ahead = actions.book_meeting(course, planned_at=at(wednesday + 7 * DAY), by=holder)
    client = as_user(holder)
    assert "Mødet ligger frem i tiden" in client.get(url("missed_meeting", ahead)).content.decode()
    assert client.post(url("missed_meeting", ahead), {"version": "1"}).status_code == 200
    held = client.post(url("meeting", ahead), form_of_hold(ahead))
    assert "Mødet ligger frem i tiden" in held.content.decode()
    assert FollowUpMeeting.objects.get().state == MeetingState.BOOKED


def test_a_cancelled_meeting_is_booked_again_and_the_calendars_get_it_back(as_user, holder, meeting):
    MeetingInvitation.objects.update(state=SendingState.SENT, sent_at="2016-05-17T10:00:00+02:00")
    deadlines.recompute()
    actions.cancel_meeting(meeting, by=holder)
    assert as_user(holder).post(url("open_meeting_again", meeting)).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.state, meeting.sequence, meeting.closed_at) == (MeetingState.BOOKED, 2, None)
    pending = MeetingInvitation.objects.filter(state=SendingState.PENDING)
    assert list(pending.values_list("method", "sequence")) == [("REQUEST", 2)]
    assert list(deadlines.differences()) == []


def test_later_or_by_somebody_else_it_needs_a_reason_that_is_shown(as_user, holder, leader, meeting):
    actions.mark_missed(meeting, by=holder)
    assert url("open_meeting_again", meeting) in as_user(leader).get(url("meeting", meeting)).content.decode()
    asked = as_user(leader).post(url("open_meeting_again", meeting)).content.decode()
    assert "Hvorfor rettes det?" in asked or "correction_reason" in asked
    data = {"correction_reason": "Borgeren sad i venteværelset"}
    assert as_user(leader).post(url("open_meeting_again", meeting), data).status_code == 302
    actions.hold_meeting(
        FollowUpMeeting.objects.get(), held_on=meeting.planned_at.date(), citizen_present=True
    )
    assert "Borgeren sad i venteværelset" in as_user(leader).get(url("meeting", meeting)).content.decode()


def test_it_is_not_booked_again_beside_another_one_or_on_an_ended_course(holder, meeting, course, at):
    actions.cancel_meeting(meeting, by=holder)
    other = actions.book_meeting(course, planned_at=meeting.planned_at)
    with pytest.raises(ValidationError) as refused:
        actions.open_meeting_again(meeting, by=holder)
    assert "booked" in str(refused.value.error_dict["planned_at"][0].code)
    actions.cancel_meeting(other)
    course.refresh_from_db()
    course.ended_on, course.end_reason = meeting.planned_at.date(), "moved"
    course.save()
    with pytest.raises(ValidationError) as refused:
        actions.open_meeting_again(meeting, by=holder)
    assert refused.value.code == "ended"


def test_a_meeting_recorded_as_held_by_mistake_is_no_meeting_and_has_no_promises(course, holder, wednesday):
    meeting = FollowUpMeetingFactory(course=course)
    promise = MeetingDecisionFactory(course=course, meeting=meeting, promised=False)
    mark_held(meeting)
    deadlines.recompute()
    correct = {"held_on": meeting.held_on, "attendees": [holder], "by": holder, "citizen_present": True}
    actions.correct_meeting(meeting, **correct, took_place=False, reason="Forkert borger")
    meeting.refresh_from_db()
    assert (meeting.was_not_held, meeting.counted_on) == (True, None)
    assert promise not in course.decisions.still_open()
    assert not Deadline.objects.filter(kind__startswith="promise_due").unsettled_on(wednesday).exists()
    actions.correct_meeting(meeting, **correct, reason="Den var god nok")
    assert promise in course.decisions.still_open()
    assert list(deadlines.differences()) == []


def test_the_page_corrects_that_it_was_held_and_shows_both(as_user, holder, meeting, wednesday):
    actions.hold_meeting(meeting, held_on=wednesday, citizen_present=True, attendees=[holder], by=holder)
    data = {"held_on": "2016-05-18", "did_not_take_place": "on", "reason": "Aflyst", "version": "0"}
    assert as_user(holder).post(url("correct_meeting", meeting), data).status_code == 302
    page = as_user(holder).get(url("meeting", meeting)).content.decode()
    assert "Mødet blev ikke holdt" in page
    assert str(holder) in page


# A second record of the same meeting


def test_a_meeting_closed_anew_since_the_page_was_opened_is_not_booked_again_unseen(
    as_user, holder, leader, meeting
):
    as_user(holder).post(url("cancel_meeting", meeting), {"version": meeting.version})
    FollowUpMeeting.objects.filter(pk=meeting.pk).update(version=9)
    data = {"correction_reason": "Forkert knap", "version": "2"}
    stale = as_user(leader).post(url("open_meeting_again", meeting), data)
    assert stale.status_code == 409
    assert "Forkert knap" in stale.content.decode()
    assert FollowUpMeeting.objects.get().state == "cancelled"
    confirmed = {**data, "version": "9"}
    assert as_user(leader).post(url("open_meeting_again", meeting), confirmed).status_code == 302
    assert FollowUpMeeting.objects.get().state == "booked"


@pytest.fixture
def second(project, course):
    """A colleague who leads the project, too, and writes at the same time."""
    return UserFactory(project=project, roles=["project_leader"])


def test_a_second_record_shows_both_and_is_not_called_saved(as_user, holder, second, meeting):
    first = form_of_hold(meeting, attendees=[holder.pk])
    assert as_user(holder).post(url("meeting", meeting), first).status_code == 302
    other = form_of_hold(meeting, held_on="2016-05-17", planned_at="2016-06-15T10:00", place="Biblioteket")
    response = as_user(second).post(url("meeting", meeting), other)
    page = response.content.decode()
    assert response.status_code == 409
    assert "onsdag den 18. maj 2016" in page
    assert "17. maj 2016" in page
    assert "Biblioteket" in page
    assert "registreret som holdt.</p>" not in page
    assert FollowUpMeeting.objects.count() == 1


def test_the_same_record_sent_twice_is_one(as_user, holder, meeting):
    data = form_of_hold(meeting, attendees=[holder.pk], planned_at="2016-06-15T10:00")
    for _twice in range(2):
        assert as_user(holder).post(url("meeting", meeting), data).status_code == 302
    assert FollowUpMeeting.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_records_at_once_one_is_stored_and_the_other_is_told(course, holder, at, wednesday):
    meeting = actions.book_meeting(course, planned_at=at(wednesday), by=holder)

    def hold(day, next_day):
        following = actions.NewMeeting(at(next_day))
        return lambda: actions.hold_meeting(
            meeting, held_on=day, citizen_present=True, by=holder, following=following
        )

    outcomes = run_at_once(
        [hold(wednesday, wednesday + 14 * DAY), hold(wednesday - DAY, wednesday + 21 * DAY)]
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, ValidationError)]
    assert len(refused) == 1
    stored = FollowUpMeeting.objects.get(state=MeetingState.HELD)
    assert stored.held_on in (wednesday, wednesday - DAY)
    assert FollowUpMeeting.objects.filter(state=MeetingState.BOOKED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_meeting_is_not_held_and_cancelled_at_once(course, holder, at, wednesday):
    meeting = actions.book_meeting(course, planned_at=at(wednesday), by=holder)
    outcomes = run_at_once(
        [
            lambda: actions.hold_meeting(meeting, held_on=wednesday, citizen_present=True, by=holder),
            lambda: actions.cancel_meeting(meeting, by=holder),
        ]
    )
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == 1


def test_an_hour_later_the_reason_is_asked_of_oneself(as_user, holder, meeting):
    actions.cancel_meeting(meeting, by=holder)
    with time_machine.travel("2016-05-18T16:00:00+02:00", tick=False):
        asked = as_user(holder).post(url("open_meeting_again", meeting))
    assert asked.status_code == 200
