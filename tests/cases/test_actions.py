"""Actions on a course: contacts, meetings, goals, needs, transitions, end (D8-D12, D17-D19)."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.roles import Role
from cases import actions
from cases.models import FollowUpMeeting, JobGoal, MentorContact
from jobfirst.values.dates import DateSpan
from tests.concurrency import run_at_once
from tests.factories import (
    DRAWN_ON,
    CourseFactory,
    FollowUpMeetingFactory,
    ProjectFactory,
    ReferralFactory,
    UserFactory,
)
from tests.validation import error_codes

DAY = datetime.timedelta(days=1)
LATER = DRAWN_ON + 10 * DAY

pytestmark = pytest.mark.django_db


def at(day: datetime.date, hour: int = 10) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


@pytest.fixture
def course():
    return CourseFactory()


# Contacts


def test_a_contact_is_registered_on_the_first_day_and_on_the_last(course) -> None:
    mentor = UserFactory()
    contact = actions.register_contact(course, held_on=DRAWN_ON, by=mentor, not_after=DRAWN_ON, note="kaffe")
    assert (contact.course, contact.held_on, contact.registered_by) == (course, DRAWN_ON, mentor)
    assert list(MentorContact.objects.counting()) == [contact]


def test_an_attempt_without_the_citizen_is_kept_and_counts_as_none(course) -> None:
    actions.register_contact(course, held_on=LATER, citizen_present=False)
    assert MentorContact.objects.count() == 1
    assert not MentorContact.objects.counting().exists()


@pytest.mark.parametrize(("held_on", "code"), [(DRAWN_ON - DAY, "before_start"), (LATER + DAY, "future")])
def test_a_contact_outside_the_course_or_ahead_is_refused(course, held_on, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.register_contact(course, held_on=held_on, not_after=LATER)
    assert error_codes(caught) == {"held_on": code}


def test_a_rehearsal_may_be_played_ahead_of_the_clock(course) -> None:
    assert actions.register_contact(course, held_on=datetime.date(2099, 1, 1)).pk


def test_a_form_that_is_sent_again_makes_one_contact_and_no_other_content(course) -> None:
    token = uuid.uuid4()
    contact = actions.register_contact(course, held_on=LATER, note="kaffe", submission=token)
    assert actions.register_contact(course, held_on=LATER, note="kaffe", submission=token) == contact
    with pytest.raises(ValidationError) as caught:
        actions.register_contact(course, held_on=LATER, note="te", submission=token)
    assert caught.value.code == "form_reused"
    with pytest.raises(ValidationError) as caught:
        actions.register_contact(CourseFactory(), held_on=LATER, note="kaffe", submission=token)
    assert caught.value.code == "form"
    assert MentorContact.objects.get().note == "kaffe"


def test_a_contact_after_the_courses_end_is_refused(course) -> None:
    actions.end_course(course, ended_on=LATER, reason="moved")
    assert actions.register_contact(course, held_on=LATER).pk
    with pytest.raises(ValidationError) as caught:
        actions.register_contact(course, held_on=LATER + DAY)
    assert error_codes(caught) == {"held_on": "after_end"}


def test_a_form_sent_twice_registers_one_contact(course) -> None:
    token = uuid.uuid4()
    first = actions.register_contact(course, held_on=LATER, submission=token)
    assert actions.register_contact(course, held_on=LATER, submission=token) == first
    assert actions.register_contact(course, held_on=LATER) != first


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_registers_one_contact() -> None:
    course = CourseFactory()
    token = uuid.uuid4()
    outcomes = run_at_once([lambda: actions.register_contact(course, held_on=LATER, submission=token)] * 4)
    assert len({outcome.pk for outcome in outcomes}) == 1
    assert MentorContact.objects.count() == 1


# Meetings


def test_a_meeting_is_booked_and_held_with_the_citizen(course) -> None:
    owner, mentor = UserFactory(), UserFactory()
    meeting = actions.book_meeting(course, planned_at=at(LATER), place="Jobcentret", by=owner)
    minutes = {"held_on": LATER, "citizen_present": True, "attendees": [mentor]}
    held_meeting = actions.hold_meeting(meeting, **minutes, not_after=LATER)
    assert (held_meeting.state, held_meeting.held_on, held_meeting.citizen_present) == ("held", LATER, True)
    assert (held_meeting.version, list(held_meeting.attendees.all())) == (2, [mentor])
    second_call = actions.hold_meeting(meeting, **minutes)
    assert (second_call, second_call.version) == (held_meeting, 2)
    with pytest.raises(ValidationError) as caught:
        actions.hold_meeting(meeting, **{**minutes, "attendees": [owner]})
    assert error_codes(caught) == {"": "not_booked"}


def test_a_meeting_is_not_held_without_the_citizen(course) -> None:
    meeting = FollowUpMeetingFactory(course=course)
    with pytest.raises(ValidationError) as caught:
        actions.hold_meeting(meeting, held_on=LATER, citizen_present=False)
    assert error_codes(caught) == {"citizen_present": "without_citizen"}
    meeting.refresh_from_db()
    assert (meeting.state, meeting.held_on) == ("booked", None)


def test_a_cancelled_or_missed_meeting_is_not_held_afterwards(course) -> None:
    for close in (actions.cancel_meeting, actions.mark_missed):
        meeting = close(FollowUpMeetingFactory(course=course))
        assert meeting.state in {"cancelled", "missed"}
        assert close(meeting).version == meeting.version
        with pytest.raises(ValidationError) as caught:
            actions.hold_meeting(meeting, held_on=LATER, citizen_present=True)
        assert error_codes(caught) == {"": "not_booked"}
    assert not FollowUpMeeting.objects.filter(state="held").exists()


def test_a_held_meeting_is_neither_cancelled_nor_held_on_another_day(course) -> None:
    meeting = FollowUpMeetingFactory(course=course, held=True)
    for change in (
        lambda: actions.cancel_meeting(meeting),
        lambda: actions.mark_missed(meeting),
        lambda: actions.move_meeting(meeting, planned_at=at(LATER)),
        lambda: actions.hold_meeting(meeting, held_on=LATER, citizen_present=True),
    ):
        with pytest.raises(ValidationError) as caught:
            change()
        assert error_codes(caught) == {"": "not_booked"}


def test_a_meeting_ahead_is_not_missed_yet(course) -> None:
    meeting = actions.book_meeting(course, planned_at=at(LATER))
    with pytest.raises(ValidationError) as caught:
        actions.mark_missed(meeting, not_after=LATER - DAY)
    assert error_codes(caught) == {"": "future"}
    assert actions.mark_missed(meeting, not_after=LATER).state == "missed"


def test_a_day_takes_one_booked_meeting_and_the_course_its_own_days(course) -> None:
    actions.book_meeting(course, planned_at=at(LATER))
    with pytest.raises(ValidationError) as caught:
        actions.book_meeting(course, planned_at=at(LATER, 15))
    assert error_codes(caught) == {"planned_at": "booked"}
    with pytest.raises(ValidationError) as caught:
        actions.book_meeting(course, planned_at=at(DRAWN_ON - DAY))
    assert error_codes(caught) == {"planned_at": "before_start"}


def test_a_meeting_is_moved(course) -> None:
    meeting = actions.book_meeting(course, planned_at=at(LATER), place="A")
    moved = actions.move_meeting(meeting, planned_at=at(LATER + DAY))
    assert (moved.planned_at, moved.place, moved.version) == (at(LATER + DAY), "A", 2)


# Job goals


def test_job_goals_are_versioned_with_the_reason_for_each_change(course) -> None:
    first = actions.add_job_goal_version(course, functions="lager", set_on=LATER)
    unchanged = actions.add_job_goal_version(course, functions="lager", set_on=LATER + DAY)
    second = actions.add_job_goal_version(
        course, functions="køkken", workplaces="kantine", reason="trives bedre", set_on=LATER
    )
    assert unchanged == first
    assert (first.number, second.number) == (1, 2)
    assert list(JobGoal.objects.values_list("number", flat=True)) == [2, 1]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"functions": "køkken"}, {"reason": "no_reason"}),
        ({"functions": " ", "reason": "x"}, {"functions": "empty"}),
        ({"functions": "x", "reason": "x", "set_on": DRAWN_ON - DAY}, {"set_on": "before_start"}),
    ],
)
def test_a_job_goal_that_says_nothing_or_not_why_is_refused(course, change, expected) -> None:
    actions.add_job_goal_version(course, functions="lager", set_on=LATER)
    with pytest.raises(ValidationError) as caught:
        actions.add_job_goal_version(course, **{"set_on": LATER, **change})
    assert error_codes(caught) == expected


# Support (D11)


def test_a_need_is_listed_until_it_is_covered(course) -> None:
    need = actions.record_need(course, description="tandlæge", noted_on=LATER)
    covered = actions.cover_need(need, covered_on=LATER + DAY, covered_how="bevilget")
    assert (covered.covered_on, covered.version) == (LATER + DAY, 2)
    assert actions.cover_need(need, covered_on=LATER + DAY, covered_how="bevilget").version == 2
    with pytest.raises(ValidationError) as caught:
        actions.cover_need(need, covered_on=LATER + 2 * DAY, covered_how="andet")
    assert error_codes(caught) == {"": "covered"}


def test_a_need_is_not_covered_before_it_was_noted(course) -> None:
    need = actions.record_need(course, description="bolig", noted_on=LATER)
    with pytest.raises(ValidationError) as caught:
        actions.cover_need(need, covered_on=LATER - DAY, covered_how="fundet")
    assert error_codes(caught) == {"covered_on": "before_noted"}


def test_parallel_efforts_and_accommodations_have_a_first_and_a_last_day(course) -> None:
    effort = actions.record_effort(
        course, kind="health", description="fysio", coordinator="Sundhed", starts_on=DRAWN_ON - 30 * DAY
    )
    assert actions.end_effort(effort, ends_on=LATER).ends_on == LATER
    accommodation = actions.record_accommodation(course, description="pauser", from_on=DRAWN_ON)
    assert actions.end_accommodation(accommodation, until_on=LATER).until_on == LATER
    with pytest.raises(ValidationError) as caught:
        actions.end_accommodation(accommodation, until_on=DRAWN_ON - DAY)
    assert error_codes(caught) == {"until_on": "order"}
    with pytest.raises(ValidationError) as caught:
        actions.end_effort(effort, ends_on=DRAWN_ON - 31 * DAY)
    assert error_codes(caught) == {"ends_on": "order"}


def test_forms_sent_twice_make_one_row_each(course) -> None:
    token = uuid.uuid4()
    for make in (
        lambda: actions.record_need(course, description="x", noted_on=LATER, submission=token),
        lambda: actions.record_effort(
            course, kind="other", description="x", coordinator="y", starts_on=LATER, submission=token
        ),
        lambda: actions.record_accommodation(course, description="x", from_on=LATER, submission=token),
        lambda: actions.add_job_goal_version(course, functions="x", set_on=LATER, submission=token),
        lambda: actions.book_meeting(course, planned_at=at(LATER), submission=token),
    ):
        assert make() == make()


# The course's transitions


def test_the_first_internship_opens_its_phase_and_the_retention_window(course) -> None:
    first = datetime.date(2016, 5, 2)
    begun = actions.follow_internships(course, [DateSpan(first, first + 90 * DAY)])
    assert (begun.internship_from, begun.continued_from) == (first, datetime.date(2016, 8, 1))
    assert begun.retention_until == datetime.date(2016, 8, 1)  # 3 months: later than 13 weeks by a day
    later = actions.follow_internships(
        course, [DateSpan(first + 30 * DAY), DateSpan(first, first + 90 * DAY)]
    )
    assert (later.internship_from, later.version) == (first, begun.version)


def test_an_earlier_internship_moves_the_dates_and_keeps_an_extension(course) -> None:
    may, april = DateSpan(datetime.date(2016, 5, 2)), DateSpan(datetime.date(2016, 4, 11))
    actions.follow_internships(course, [may])
    moved = actions.follow_internships(course, [may, april])
    assert moved.internship_from == datetime.date(2016, 4, 11)
    assert moved.retention_until == datetime.date(2016, 7, 10)
    actions.extend_retention(course, datetime.date(2016, 12, 31))
    moved = actions.follow_internships(course, [may, april, DateSpan(DRAWN_ON)])
    assert moved.retention_until == datetime.date(2016, 12, 31)


def test_an_internship_taken_back_takes_its_dates_with_it(course) -> None:
    actions.follow_internships(course, [DateSpan(LATER)])
    updated = actions.follow_internships(course, [])
    assert (updated.internship_from, updated.continued_from, updated.retention_until) == (None, None, None)


def test_an_internship_from_before_the_draw_counts_from_the_draw(course) -> None:
    over = DateSpan(DRAWN_ON - 80 * DAY, DRAWN_ON - DAY)
    assert actions.follow_internships(course, [over]).internship_from is None
    running = DateSpan(DRAWN_ON - 50 * DAY, DRAWN_ON)
    assert actions.follow_internships(course, [over, running]).internship_from == DRAWN_ON


def test_an_extension_never_shortens_the_rules_own_window_and_needs_an_internship(course) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.extend_retention(course, LATER)
    assert error_codes(caught) == {"": "no_internship"}
    until = actions.follow_internships(course, [DateSpan(LATER)]).retention_until
    assert actions.extend_retention(course, LATER).retention_until == until
    assert actions.extend_retention(course, until + 60 * DAY).retention_until == until + 60 * DAY
    assert actions.extend_retention(course, None).retention_until == until


def test_a_course_ends_with_its_reason_and_frees_the_meetings_ahead(course) -> None:
    earlier_meeting = actions.book_meeting(course, planned_at=at(LATER - DAY))
    later_meeting = actions.book_meeting(course, planned_at=at(LATER))
    ended = actions.end_course(course, ended_on=LATER, reason="employment", outcome="20 timer")
    assert (ended.ended_on, ended.end_reason, ended.outcome) == (LATER, "employment", "20 timer")
    earlier_meeting.refresh_from_db()
    later_meeting.refresh_from_db()
    assert (earlier_meeting.state, later_meeting.state) == ("booked", "cancelled")
    same = actions.end_course(course, ended_on=LATER, reason="employment", outcome="20 timer")
    assert same.version == ended.version
    with pytest.raises(ValidationError) as caught:
        actions.end_course(course, ended_on=LATER + DAY, reason="moved")
    assert error_codes(caught) == {"": "ended"}
    with pytest.raises(ValidationError):
        actions.book_meeting(course, planned_at=at(LATER - 2 * DAY))


@pytest.mark.parametrize(
    ("ended_on", "reason", "expected"),
    [
        (LATER, "", {"reason": "no_reason"}),
        (DRAWN_ON - DAY, "moved", {"ended_on": "before_start"}),
        (LATER + DAY, "moved", {"ended_on": "future"}),
    ],
)
def test_a_course_does_not_end_without_reason_or_outside_its_days(course, ended_on, reason, expected) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.end_course(course, ended_on=ended_on, reason=reason, not_after=LATER)
    assert error_codes(caught) == expected


def test_whoever_referred_is_the_coordinating_caseworker_from_day_one(db):
    project = ProjectFactory()
    caseworker = UserFactory(project=project, roles=[Role.COORDINATING_CASEWORKER])
    course = actions.open_course(ReferralFactory(project=project, referred_by=caseworker), DRAWN_ON)
    holding = course.holdings.get()
    assert (holding.function, holding.user, holding.from_on) == (
        "coordinating_caseworker",
        caseworker,
        DRAWN_ON,
    )


def test_a_referrer_who_lost_the_role_gets_no_function(db):
    project = ProjectFactory()
    gone = UserFactory(project=project, roles=[Role.MENTOR])
    assert not actions.open_course(
        ReferralFactory(project=project, referred_by=gone), DRAWN_ON
    ).holdings.exists()
    assert not actions.open_course(ReferralFactory(project=project), DRAWN_ON).holdings.exists()
