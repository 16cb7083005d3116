"""Booked meetings follow the team: who takes a function over is invited, who left it gets a cancellation (D8,
D18)."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from cases import actions
from cases.actions import duties
from cases.messaging import delivery, invitations
from cases.models import FunctionHolding
from jobfirst.values.dates import DAY
from tests.concurrency import BackgroundAction
from tests.factories import CourseFactory, UserFactory
from tests.loops import some

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


@pytest.fixture
def mentor(project):
    return UserFactory(name="Nina Ny", email="nina@example.invalid", project=project, roles=[Role.MENTOR])


@pytest.fixture
def other_mentor(project):
    return UserFactory(name="Ole Ny", email="ole@example.invalid", project=project, roles=[Role.MENTOR])


@pytest.fixture
def booked(course, holder, mentor, wednesday, at):
    """A meeting in a week with the holder of three functions and the mentor, who both were told."""
    FunctionHolding.objects.filter(course=course, function="mentor").update(user=mentor)
    meeting = actions.book_meeting(course, planned_at=at(wednesday + 7 * DAY), invited=[holder, mentor])
    delivery.send_waiting(timezone.now())
    mail.outbox.clear()
    return meeting


def sent():
    """Send what waits; return whom the calendars of which method went to."""
    delivery.send_waiting(timezone.now())
    return {(message.to[0], message.alternatives[0].mimetype.split("method=")[1]) for message in mail.outbox}


def test_a_new_holder_is_invited_and_who_left_gets_a_cancellation(
    course, booked, holder, mentor, other_mentor, wednesday
):
    actions.assign_function(course, function="mentor", user=other_mentor, from_on=wednesday + DAY)
    assert set(booked.invited.all()) == {holder, other_mentor}
    assert sent() == {(other_mentor.email, "REQUEST"), (mentor.email, "CANCEL")}, "who stays hears nothing"


def test_a_meeting_before_the_change_keeps_people(course, booked, holder, mentor, other_mentor, wednesday):
    actions.assign_function(course, function="mentor", user=other_mentor, from_on=wednesday + 8 * DAY)
    assert set(booked.invited.all()) == {holder, mentor}
    assert sent() == set()


def test_who_keeps_another_function_stays_invited(course, booked, holder, mentor, wednesday):
    consultant = UserFactory(project=course.project, roles=[Role.JOB_CONSULTANT])
    actions.assign_function(course, function="job_consultant", user=consultant, from_on=wednesday)
    assert set(booked.invited.all()) == {holder, mentor, consultant}


def test_guests_of_the_meeting_stay(course, booked, holder, colleague, other_mentor, wednesday):
    actions.move_meeting(booked, planned_at=booked.planned_at, invited=[holder, colleague])
    actions.assign_function(course, function="mentor", user=other_mentor, from_on=wednesday)
    assert set(booked.invited.all()) == {holder, colleague, other_mentor}


def test_an_invitation_that_still_waits_is_not_lost(course, holder, other_mentor, wednesday, at):
    meeting = actions.book_meeting(course, planned_at=at(wednesday + 7 * DAY), invited=[holder])
    actions.assign_function(course, function="mentor", user=other_mentor, from_on=wednesday)
    assert sent() == {(holder.email, "REQUEST"), (other_mentor.email, "REQUEST")}
    assert set(meeting.invited.all()) == {holder, other_mentor}


def test_who_loses_the_role_gets_a_cancellation(course, booked, holder, mentor, wednesday):
    duties.end_held(mentor, wednesday, project=None, role=None, successors={}, by=None)
    assert set(booked.invited.all()) == {holder}
    assert sent() == {(mentor.email, "CANCEL")}


def test_taking_a_function_back_is_told_again(course, booked, holder, mentor, other_mentor, wednesday):
    actions.assign_function(course, function="mentor", user=other_mentor, from_on=wednesday)
    actions.assign_function(course, function="mentor", user=mentor, from_on=wednesday)
    assert set(booked.invited.all()) == {holder, mentor}
    assert sent() == {(mentor.email, "REQUEST")}, "the successor was never told"
    booked.refresh_from_db()
    assert booked.sequence == 2


def test_a_whole_caseload_changes_hands_in_a_bounded_number_of_queries(
    project, leader, mentor, other_mentor, wednesday, at
):
    def hand_over(many: int) -> int:
        courses = [CourseFactory(project_for=project, holders=mentor) for _number in range(many)]
        for course in courses:
            actions.book_meeting(course, planned_at=at(wednesday + 7 * DAY), invited=[mentor])
        lines = [
            actions.HandoverLine(str(course.pk), course, "mentor", other_mentor, actions.NoteText())
            for course in courses
        ]
        FunctionHolding.objects.filter(course__in=courses).exclude(function="mentor").delete()
        with CaptureQueriesContext(connection) as queries:
            actions.hand_over(mentor, lines, from_on=wednesday, by=leader)
        for course in some(courses):
            assert list(course.meetings.get().invited.all()) == [other_mentor]
        return len(queries)

    assert hand_over(12) == hand_over(2)


@pytest.mark.django_db(transaction=True)
def test_who_leaves_while_the_invitation_is_sent_gets_a_cancellation(
    course, holder, mentor, other_mentor, wednesday, at, monkeypatch
):
    FunctionHolding.objects.filter(course=course, function="mentor").update(user=mentor)
    meeting = actions.book_meeting(course, planned_at=at(wednesday + 7 * DAY), invited=[mentor])
    send_mail = invitations.send_mail
    changes = []

    def change_while_sending(message):
        monkeypatch.setattr(invitations, "send_mail", send_mail)
        change = BackgroundAction(
            lambda: actions.assign_function(course, function="mentor", user=other_mentor, from_on=wednesday)
        )
        changes.append(change)
        assert change.is_blocked()
        send_mail(message)

    monkeypatch.setattr(invitations, "send_mail", change_while_sending)
    delivery.send_waiting(timezone.now())
    assert not isinstance(changes[0].join(), Exception)
    assert sent() == {(mentor.email, "REQUEST"), (mentor.email, "CANCEL"), (other_mentor.email, "REQUEST")}
    assert set(meeting.invited.all()) == {other_mentor}


@pytest.mark.parametrize("from_in_days", [0, 14])
def test_the_next_meeting_is_for_the_team_of_its_day(
    as_user, course, holder, mentor, other_mentor, colleague, wednesday, at, from_in_days
):
    FunctionHolding.objects.filter(course=course, function="mentor").update(user=mentor)
    meeting = actions.book_meeting(
        course, planned_at=at(wednesday - DAY), invited=[holder, mentor, colleague]
    )
    from_on = wednesday + from_in_days * DAY
    actions.assign_function(course, function="mentor", user=other_mentor, from_on=from_on)
    assert set(meeting.invited.all()) == {holder, mentor, colleague}, "they were there"
    closing = {"act": "hold", "held_on": "2016-05-17", "citizen_present": "on", "attendees": [mentor.pk]}
    closing["planned_at"] = "2016-06-15T10:00"
    as_user(holder).post(reverse("cases:meeting", args=[meeting.public_id]), closing)
    following = course.meetings.get(state="booked")
    assert set(following.invited.all()) == {holder, other_mentor, colleague}
