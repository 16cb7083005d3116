"""Meetings of the steering group: held with copies, protected, corrected, followed up (D37, D41)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from cases.actions.minutes import MinuteDraft
from evaluation.steering.actions import meetings, minutes
from evaluation.steering.models import (
    SteeringArea,
    SteeringDecision,
    SteeringMeeting,
    SteeringMeetingCorrection,
    SteeringMinute,
    SteeringMinuteCorrection,
    SteeringState,
)
from jobfirst.kit.versioned import StaleError
from jobfirst.values.dates import DAY
from tests.concurrency import run_at_once
from tests.evaluation.steering_factories import SteeringMemberFactory, at
from tests.factories import AllocationFactory, ProjectFactory, ReferralFactory

pytestmark = pytest.mark.django_db


def figures_of(meeting, code):
    """The figures that a held meeting keeps under a point, by label."""
    (point,) = [point for point in meeting.agenda if point["code"] == code]
    return {label: value for label, value, _beside in point["figures"]}


def test_a_held_meeting_keeps_its_figures_as_they_were(planned, members, hold, project, today):
    AllocationFactory(referral=ReferralFactory(project=project), arm="participant", allocated_on=today)
    held = hold(planned, members.values())
    AllocationFactory(referral=ReferralFactory(project=project), arm="participant", allocated_on=today)
    held.refresh_from_db()
    assert figures_of(held, "enrolment")["Deltagere"] == "1"


def test_a_held_meeting_keeps_who_came_and_what_was_missing(planned, members, hold):
    came = members[SteeringArea.SOCIAL_MANAGEMENT]
    held = hold(planned, [came, members[SteeringArea.PROJECT_LEADER]])
    name = came.name
    came.name = "Et andet navn"
    came.save()
    held.refresh_from_db()
    assert [person["area"] for person in held.attendees] == ["project_leader", "social_management"]
    assert held.attendees[1]["name"] == name
    assert held.missing_areas == ["health_management"]


@pytest.mark.parametrize("offset", [1, -400])
def test_no_meeting_is_held_in_the_future_or_before_the_project(planned, members, hold, today, offset):
    with pytest.raises(ValidationError):
        hold(planned, members.values(), today + offset * DAY)


def test_nobody_who_was_no_member_then_came(planned, hold, project, today):
    late = SteeringMemberFactory(project=project, joined_on=today + DAY)
    with pytest.raises(ValidationError, match="med i gruppen"):
        hold(planned, [late])
    with pytest.raises(ValidationError):
        hold(planned, [])


@pytest.mark.parametrize(
    "change",
    [
        lambda held: SteeringMeeting.objects.filter(pk=held.pk).update(agenda=[]),
        lambda held: SteeringMeeting.objects.filter(pk=held.pk).update(held_on=held.held_on - DAY),
        lambda held: SteeringMeeting.objects.filter(pk=held.pk).update(attendees=[]),
        lambda held: SteeringMeeting.objects.filter(pk=held.pk).update(missing_areas=[]),
        lambda held: SteeringMeeting.objects.filter(pk=held.pk).delete(),
        lambda held: held.minutes.update(text="Noget andet"),
        lambda held: held.minutes.all().delete(),
        lambda held: held.minutes.create(topic="phases", text="Nyt"),
        lambda held: held.decisions.update(due_on=held.held_on),
        lambda held: held.decisions.all().delete(),
        lambda held: held.added_points.create(title="Nyt punkt"),
    ],
)
def test_the_database_protects_a_held_meeting(planned, members, hold, leader, today, change):
    minutes.save_minutes(planned, {"enrolment": MinuteDraft("Optaget går fint", 0)}, by=leader)
    owner = members[SteeringArea.SOCIAL_MANAGEMENT]
    minutes.add_decision(planned, text="Aftal møde", owner=owner, due_on=today + DAY, by=leader)
    held = hold(planned, members.values())
    with pytest.raises(DatabaseError), transaction.atomic():
        change(held)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": SteeringState.HELD},
        {"state": SteeringState.CANCELLED},
        {"held_on": datetime.date(2016, 6, 8)},
        {"was_not_held": True},
        {"closed_at": at(datetime.date(2016, 6, 8))},
    ],
)
def test_state_and_what_belongs_to_it_go_together(planned, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        SteeringMeeting.objects.filter(pk=planned.pk).update(**fields)


def test_corrections_are_only_added(held, leader, today):
    minutes.correct_minute(held, "enrolment", text="Rettet", reason="Glemt", by=leader)
    meetings.correct_held_meeting(
        held,
        held_on=today - DAY,
        took_place=True,
        attendees=meetings.members_on(held.project, today)[:1],
        reason="Forkert dag",
        by=leader,
        today=today,
    )
    for model in (SteeringMinuteCorrection, SteeringMeetingCorrection):
        assert model.objects.count() == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(reason="Andet")


def test_a_corrected_day_counts_and_the_recorded_one_stays(held, leader, today):
    came = meetings.members_on(held.project, today)
    correction = {"took_place": True, "attendees": came, "reason": "Tastefejl", "by": leader, "today": today}
    meetings.correct_held_meeting(held, held_on=today - DAY, **correction)
    held.refresh_from_db()
    assert (held.held_on, held.corrected_on) == (today, today - DAY)
    assert SteeringMeeting.objects.counting().get().day == today - DAY
    meetings.correct_held_meeting(held, held_on=today - DAY, **correction)
    assert held.meeting_corrections.count() == 1


def test_a_correction_on_top_of_another_is_stale(held, leader):
    minutes.correct_minute(held, "enrolment", text="Først", reason="Glemt", by=leader, version=0)
    with pytest.raises(StaleError):
        minutes.correct_minute(held, "enrolment", text="Så", reason="Glemt", by=leader, version=0)


def test_minutes_are_saved_point_by_point_and_a_stale_one_hinders_no_other(planned, leader):
    minutes.save_minutes(planned, {"enrolment": MinuteDraft("Første", 0)}, by=leader)
    drafts = {"enrolment": MinuteDraft("Anden", 0), "phases": MinuteDraft("Faser", 0)}
    stale = minutes.save_minutes(planned, drafts, by=leader)
    assert set(stale) == {"enrolment"}
    assert set(SteeringMinute.objects.values_list("topic", "text")) == {
        ("enrolment", "Første"),
        ("phases", "Faser"),
    }


def test_a_decision_comes_back_until_it_is_carried_out(planned, members, hold, leader, project, today):
    owner = members[SteeringArea.SOCIAL_MANAGEMENT]
    draft = minutes.add_decision(planned, text="Aftal møde", owner=owner, due_on=today + DAY, by=leader)
    assert not SteeringDecision.objects.still_open().exists()
    hold(planned, members.values())
    assert list(SteeringDecision.objects.still_open()) == [draft]
    following = meetings.plan_meeting(project, planned_at=at(today, 15), place="", by=leader)
    (decision,) = SteeringDecision.objects.still_open()
    second = hold(following, members.values())
    assert figures_of(second, "decisions") == {"Aftal møde": owner.name}
    minutes.mark_decision_done(decision, done_on=today, by=leader)
    assert not SteeringDecision.objects.still_open().exists()
    minutes.reopen_decision(decision, by=leader)
    minutes.withdraw_decision(decision, by=leader, reason="Skrevet to gange")
    assert not SteeringDecision.objects.still_open().exists()


def test_an_owner_belongs_to_the_group(planned, leader, today):
    stranger = SteeringMemberFactory(project=ProjectFactory())
    with pytest.raises(ValidationError):
        minutes.add_decision(planned, text="Aftal", owner=stranger, due_on=today, by=leader)


def test_a_point_with_minutes_stays_on_the_agenda(planned, leader):
    point = minutes.add_point(planned, "Budget for efteråret", by=leader)
    minutes.save_minutes(planned, {point.code: MinuteDraft("Drøftet", 0)}, by=leader)
    with pytest.raises(ValidationError):
        minutes.remove_point(point)
    minutes.save_minutes(planned, {point.code: MinuteDraft("", 1)}, by=leader)
    minutes.remove_point(point)
    assert not planned.added_points.exists()


def test_a_cancelled_meeting_can_be_planned_again(planned, leader):
    with pytest.raises(ValidationError):
        meetings.cancel_meeting(planned, reason=" ", by=leader)
    meetings.cancel_meeting(planned, reason="Sygdom", by=leader)
    meetings.plan_again(planned)
    planned.refresh_from_db()
    assert (planned.state, planned.cancelled_reason) == (SteeringState.PLANNED, "")


def test_no_meeting_is_planned_outside_of_the_project(project, leader, today):
    with pytest.raises(ValidationError):
        meetings.plan_meeting(project, planned_at=at(project.ends_on + DAY), place="", by=leader)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_the_minutes_at_once_the_second_is_refused(planned, members, hold, today):
    came = list(members.values())
    outcomes = run_at_once([lambda: hold(planned, came[:1]), lambda: hold(planned, came[1:])])
    refused = [outcome for outcome in outcomes if isinstance(outcome, ValidationError)]
    stored = [outcome for outcome in outcomes if isinstance(outcome, SteeringMeeting)]
    assert (len(refused), len(stored)) == (1, 1)
    planned.refresh_from_db()
    assert planned.attendees == stored[0].attendees


@pytest.mark.django_db(transaction=True)
def test_what_is_written_while_the_minutes_are_closed_is_in_them_or_refused(planned, members, hold, leader):
    drafts = {"enrolment": MinuteDraft("Sidste ord", 0)}
    outcomes = run_at_once(
        [
            lambda: hold(planned, members.values()),
            lambda: minutes.save_minutes(planned, drafts, by=leader),
        ]
    )
    is_refused = isinstance(outcomes[1], ValidationError)
    assert SteeringMinute.objects.filter(text="Sidste ord").exists() is not is_refused
    assert isinstance(outcomes[0], SteeringMeeting)
