"""Minutes, decisions, promises: drafts are kept, closed with the meeting, corrected beside it (D35, D41)."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from cases import actions
from cases.actions.minutes import MinuteDraft
from cases.deadlines import promise_due
from cases.models import (
    Attendance,
    FollowUpMeeting,
    MeetingDecision,
    MeetingMinute,
    MinuteCorrection,
)
from jobfirst.encryption.encrypted_text import Ciphertext
from jobfirst.kit.versioned import StaleError
from reminders import deadlines
from reminders.models import Deadline
from tests.concurrency import run_at_once
from tests.factories import FollowUpMeetingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)
NEXT_WEEK = datetime.date(2016, 5, 25)


def write(meeting, text, *, version=0, by, topic="cv"):
    return actions.save_minutes(meeting, {topic: MinuteDraft(text, version)}, by=by)


def decide(meeting, by, **fields):
    content = {
        "text": "Ring til bageriet",
        "function": "job_consultant",
        "due_on": datetime.date(2016, 5, 25),
    }
    return actions.add_decision(meeting, **{**content, **fields}, by=by)


def hold(meeting, wednesday, **fields):
    return actions.hold_meeting(meeting, held_on=wednesday, citizen_present=True, **fields)


def test_a_draft_is_written_and_changed(meeting, holder):
    assert write(meeting, "Nyt CV", by=holder) == {}
    assert write(meeting, "Nyt CV med billede", version=1, by=holder) == {}
    minute = MeetingMinute.objects.get()
    assert (minute.topic, minute.text, minute.version) == ("cv", "Nyt CV med billede", 2)


def test_a_stale_text_is_not_saved_and_the_other_topics_are(meeting, holder, leader):
    write(meeting, "Lederens tekst", by=leader)
    drafts = {"cv": MinuteDraft("Min tekst", 0), "job_goal": MinuteDraft("Bager", 0)}
    stale = actions.save_minutes(meeting, drafts, by=holder)
    assert [minute.text for minute in stale.values()] == ["Lederens tekst"]
    texts = dict(MeetingMinute.objects.values_list("topic", "text"))
    assert texts == {"cv": "Lederens tekst", "job_goal": "Bager"}


def test_the_same_text_again_is_no_conflict(meeting, holder):
    write(meeting, "Nyt CV", by=holder)
    assert write(meeting, "Nyt CV", by=holder) == {}
    assert MeetingMinute.objects.get().version == 1


def test_an_empty_topic_makes_no_row(meeting, holder):
    write(meeting, "  ", by=holder)
    assert not MeetingMinute.objects.exists()


@pytest.mark.parametrize("model", [MeetingMinute, MeetingDecision])
def test_closed_minutes_and_decisions_cannot_be_deleted(meeting, holder, wednesday, model):
    write(meeting, "Nyt CV", by=holder)
    decide(meeting, holder)
    hold(meeting, wednesday)
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        model.objects.all().delete()
    assert model.objects.count() == 1


@pytest.mark.parametrize("model", [MeetingMinute, MeetingDecision])
def test_a_draft_cannot_be_moved_into_a_held_meeting(meeting, holder, course, wednesday, model):
    hold(meeting, wednesday)
    other = FollowUpMeetingFactory(course=course)
    write(other, "Nyt CV", by=holder)
    decide(other, holder)
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        model.objects.update(meeting=meeting)


def test_nothing_joins_a_held_meeting_in_the_database(meeting, holder, leader, course, wednesday):
    hold(meeting, wednesday, attendees=[holder])
    rows = (
        MeetingMinute(meeting=meeting, topic="cv", text="Nyt CV"),
        MeetingDecision(
            course=course, meeting=meeting, text="Ring", function="citizen", due_on=wednesday + DAY
        ),
        Attendance(followupmeeting=meeting, user=leader),
    )
    for row in rows:
        with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
            row.save(force_insert=True)
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        meeting.attendees.clear()
    assert list(meeting.attendees.all()) == [holder]


def test_a_held_meeting_is_not_opened_again_in_the_database(meeting, wednesday):
    hold(meeting, wednesday)
    for change in (
        {"state": "booked", "held_on": None},
        {"held_on": wednesday - DAY},
        {"summary": Ciphertext("X")},
    ):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            FollowUpMeeting.objects.update(**change)


def test_a_draft_can_be_deleted(meeting, holder):
    write(meeting, "Nyt CV", by=holder)
    MeetingMinute.objects.all().delete()
    assert not MeetingMinute.objects.exists()


def test_minutes_are_closed_when_the_meeting_is_held(meeting, holder, wednesday):
    write(meeting, "Nyt CV", by=holder)
    hold(meeting, wednesday)
    with pytest.raises(ValidationError, match="lukket"):
        write(meeting, "Andet", version=1, by=holder)


def test_the_database_closes_the_minutes_too(meeting, holder, wednesday):
    write(meeting, "Nyt CV", by=holder)
    decide(meeting, holder)
    MeetingMinute.objects.update(text=Ciphertext("Kladde"))
    hold(meeting, wednesday)
    for rows in (MeetingMinute.objects, MeetingDecision.objects):
        with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
            rows.update(text=Ciphertext("X"))


def test_a_correction_stands_beside_what_it_corrects(meeting, holder, wednesday):
    write(meeting, "Nyt CV", by=holder)
    hold(meeting, wednesday)
    correct = {"text": "Intet nyt CV", "reason": "Forkert borger", "by": holder}
    actions.correct_minute(meeting, "cv", **correct, version=0)
    actions.correct_minute(meeting, "cv", **correct, version=0)  # sent twice
    assert MeetingMinute.objects.get().text == "Nyt CV"
    assert MinuteCorrection.objects.get().text == "Intet nyt CV"
    with pytest.raises(StaleError):
        actions.correct_minute(meeting, "cv", text="Tredje", reason="Glemt", by=holder, version=0)
    with pytest.raises(DatabaseError, match=r"permission denied|Cannot update"), transaction.atomic():
        MinuteCorrection.objects.update(reason="X")


def test_a_draft_is_not_corrected(meeting, holder):
    write(meeting, "Nyt CV", by=holder)
    with pytest.raises(ValidationError, match="ikke lukket"):
        actions.correct_minute(meeting, "cv", text="X", reason="Y", by=holder)


def test_a_decision_names_the_holder_and_the_same_form_makes_one(meeting, holder):
    token = uuid.uuid4()
    for _ in range(2):
        decision = decide(meeting, holder, submission=token)
    assert MeetingDecision.objects.count() == 1
    assert decision.promised_by == holder


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"due_on": datetime.date(2016, 5, 17)}, "due_on"),
        ({"function": "agency"}, "function"),
    ],
)
def test_a_decision_before_the_meeting_or_of_nobody_is_refused(meeting, holder, fields, field):
    with pytest.raises(ValidationError) as refusal:
        decide(meeting, holder, **fields)
    assert field in refusal.value.error_dict


def test_a_decision_is_taken_out_of_the_draft_but_not_of_closed_minutes(meeting, holder, wednesday):
    decision = decide(meeting, holder)
    actions.remove_decision(decision)
    actions.remove_decision(decision)
    assert not MeetingDecision.objects.exists()
    promise = decide(meeting, holder)
    hold(meeting, wednesday)
    with pytest.raises(ValidationError, match="lukket"):
        actions.remove_decision(promise)


def promises_due():
    return [
        (row.kind, row.due_on, row.shown_from, row.shown_to)
        for row in Deadline.objects.filter(kind__startswith="promise_due")
    ]


def test_a_promise_is_a_deadline_from_the_meeting_until_it_is_done(meeting, holder, wednesday):
    decision = decide(meeting, holder)
    deadlines.recompute()
    assert promises_due() == [], "a draft promises nothing"
    hold(meeting, wednesday)
    due_on = decision.due_on
    assert promises_due() == [("promise_due_job_consultant", due_on, due_on, None)]
    actions.mark_promise_done(decision, done_on=due_on + 2 * DAY, by=holder)
    assert promises_due() == [("promise_due_job_consultant", due_on, due_on, due_on + DAY)]
    actions.reopen_promise(decision)
    actions.mark_promise_done(decision, done_on=due_on, by=holder)
    assert promises_due() == [], "done in time"
    assert list(deadlines.differences()) == []


def test_what_the_citizen_promised_is_the_mentors_to_help_with(meeting, holder, wednesday):
    decision = decide(meeting, holder, function="citizen")
    assert decision.promised_by is None
    hold(meeting, wednesday)
    assert [row[0] for row in promises_due()] == ["promise_due_mentor"]


def test_a_draft_is_no_promise_that_can_be_done(meeting, holder, wednesday):
    decision = decide(meeting, holder)
    with pytest.raises(ValidationError, match="ikke holdt"):
        actions.mark_promise_done(decision, done_on=wednesday, by=holder)


def test_the_next_meeting_is_booked_with_the_end_of_this_one_or_nothing_is(meeting, wednesday, at, course):
    with pytest.raises(ValidationError) as refusal:
        hold(meeting, wednesday, following=actions.NewMeeting(at(wednesday - DAY)))
    assert "planned_at" in refusal.value.error_dict
    meeting.refresh_from_db()
    assert meeting.state == "booked"
    hold(meeting, wednesday, following=actions.NewMeeting(at(wednesday + 28 * DAY), "Biblioteket"))
    assert course.meetings.get(state="booked").place == "Biblioteket"


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_stale_and_neither_text_is_lost(meeting, holder, leader):
    stale = run_at_once(
        [lambda: write(meeting, "Den ene", by=holder), lambda: write(meeting, "Den anden", by=leader)]
    )
    assert sorted(len(result) for result in stale) == [0, 1]
    stored = MeetingMinute.objects.get()
    (current,) = [result["cv"] for result in stale if result]
    assert current.text == stored.text


@pytest.mark.django_db(transaction=True)
def test_a_meeting_held_twice_at_once_books_one_next_meeting(meeting, wednesday, at, course):
    token = uuid.uuid4()

    def close():
        following = actions.NewMeeting(at(wednesday + 28 * DAY), submission=token)
        return hold(meeting, wednesday, following=following)

    results = run_at_once([close, close])
    assert [type(result).__name__ for result in results] == ["FollowUpMeeting", "FollowUpMeeting"]
    assert course.meetings.filter(state="held").count() == 1
    assert course.meetings.filter(state="booked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_save_and_the_end_of_the_meeting_at_once_lose_nothing_silently(meeting, holder, wednesday):
    saved, held = run_at_once(
        [lambda: write(meeting, "Sidste ord", by=holder), lambda: hold(meeting, wednesday)]
    )
    assert held.state == "held"
    is_stored = "Sidste ord" in [row.text for row in MeetingMinute.objects.all()]
    assert is_stored == (saved == {}), "stored, or refused with a message"


def test_each_kind_of_promise_has_a_name_of_its_own():
    """The filter of the course list offers them beside one another."""
    assert len({str(kind.label) for kind in promise_due.KINDS}) == len(promise_due.KINDS) == 4
