"""A course ends on its day, with what ends with it; a wrong end is corrected or taken back (D12, D41)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cases import actions, extension_points
from cases.actions import AlreadyEnded
from cases.actions.pauses import PauseData
from cases.models import (
    Accommodation,
    CaseCorrection,
    Course,
    CoursePause,
    FollowUpMeeting,
    FunctionHolding,
    MeetingDecision,
)
from cases.rules.course_end import EndChoice, EndMode
from companies.matching.actions import open_dialogue
from companies.matching.entries import StepTaken
from companies.models import EarlyEndReason, Match, Placement
from grants.models import EarnedEvent
from jobfirst.values.dates import DAY
from plans.models import ActivityLine
from tests.concurrency import run_at_once
from tests.factories import (
    DRAWN_ON,
    AllocationFactory,
    CompanyFactory,
    CourseFactory,
    FollowUpMeetingFactory,
    MeetingDecisionFactory,
    PlacementFactory,
    UserFactory,
    mark_held,
)

END = datetime.date(2016, 5, 10)
WHY = "Afsluttet ved en fejl"
WITH_COURSE, GOES_ON = EndChoice(EndMode.WITH_COURSE), EndChoice(EndMode.GOES_ON)


@pytest.fixture
def leader(db):
    return UserFactory(name="Lars Leder")


@pytest.fixture
def internship(course):
    return PlacementFactory(course=course)


def booked(course: Course, day: datetime.date) -> FollowUpMeeting:
    moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
    return actions.book_meeting(course, planned_at=moment)


def activity(course: Course, day: datetime.date, **fields: object) -> ActivityLine:
    return ActivityLine.objects.create(
        course=course, kind="visit", what="Besøg", who="Borgeren", starts_on=day, ends_on=day, **fields
    )


def choices_for(course: Course, **modes: EndChoice) -> dict[str, EndChoice]:
    """Return a choice for all running things of the codes named."""
    things = extension_points.still_running(course)
    return {thing.name: modes[thing.code] for thing in things if thing.code in modes}


def end(course: Course, day: datetime.date = END, **arguments: object) -> Course:
    return actions.end_course(course, ended_on=day, reason="withdrew", **arguments)


@pytest.mark.usefixtures("wednesday")
def test_everything_that_runs_is_listed_and_what_is_finished_is_not(course, internship) -> None:
    PlacementFactory(course=course, ended_on=DRAWN_ON + 20 * DAY)
    booked(course, END + 20 * DAY)
    activity(course, END + 20 * DAY)
    MeetingDecisionFactory(course=course)
    mark_held(FollowUpMeeting.objects.get(decisions__isnull=False))
    codes = [thing.code for thing in extension_points.still_running(course)]
    assert sorted(set(codes)) == ["activity", "function", "meeting", "placement", "promise"]
    assert codes.count("placement") == 1


@pytest.mark.usefixtures("wednesday")
def test_each_thing_ends_on_the_day_chosen_for_it(course, internship, leader) -> None:
    own_day = EndChoice(EndMode.OWN_DAY, END - 5 * DAY)
    meeting = booked(course, END + 20 * DAY)
    line = activity(course, END + 20 * DAY)
    choices = choices_for(
        course, placement=own_day, activity=WITH_COURSE, function=WITH_COURSE, meeting=GOES_ON
    )
    end(course, choices=choices, by=leader)
    internship.refresh_from_db()
    meeting.refresh_from_db()
    line.refresh_from_db()
    assert (internship.ended_on, internship.end_reason) == (END - 5 * DAY, EarlyEndReason.COURSE_ENDED)
    assert (meeting.state, line.cancelled) == ("booked", True)
    assert set(FunctionHolding.objects.values_list("until_on", flat=True)) == {END - DAY}


def test_a_promise_lapses_with_the_course_and_is_open_again_with_it(course, leader) -> None:
    promise = MeetingDecisionFactory(course=course)
    mark_held(promise.meeting)
    end(course, choices=choices_for(course, promise=WITH_COURSE), by=leader)
    promise.refresh_from_db()
    assert (promise.lapsed_on, MeetingDecision.objects.still_open().count()) == (END - DAY, 0)
    actions.reopen_course(course, why=WHY, by=leader)
    assert MeetingDecision.objects.still_open().get() == promise


@pytest.mark.usefixtures("wednesday")
def test_until_the_day_of_its_end_the_course_is_worked_on(course) -> None:
    ahead = datetime.date(2016, 6, 1)
    end(course, ahead)
    actions.register_contact(course, held_on=datetime.date(2016, 5, 18))
    booked(course, ahead - 2 * DAY)
    actions.record_need(course, description="Bolig", noted_on=datetime.date(2016, 5, 18))
    with pytest.raises(ValidationError):
        booked(course, ahead + 2 * DAY)


@pytest.mark.usefixtures("wednesday")
def test_a_placement_of_a_course_that_ends_later_is_planned_to_that_day(course, internship) -> None:
    ahead = datetime.date(2016, 6, 1)
    end(course, ahead, choices=choices_for(course, placement=WITH_COURSE))
    internship.refresh_from_db()
    assert (internship.ended_on, internship.planned_end_on) == (None, ahead - DAY)


def test_a_second_end_by_somebody_else_is_a_conflict_and_changes_nothing(course, leader) -> None:
    end(course, by=leader)
    with pytest.raises(AlreadyEnded) as conflict:
        actions.end_course(course, ended_on=END + DAY, reason="moved", by=UserFactory())
    assert (conflict.value.course.ended_on, conflict.value.course.end_reason) == (END, "withdrew")
    with pytest.raises(AlreadyEnded):
        end(course, by=UserFactory())  # even the same end: the second person's record is not stored
    assert CaseCorrection.objects.count() == 1


def test_a_reopened_course_has_back_what_ended_with_it(course, internship, leader) -> None:
    ahead = PlacementFactory(course=course, starts_on=END + 100 * DAY)
    meeting = booked(course, END + 2 * DAY)
    before = Placement.objects.order_by("pk").values("ended_on", "planned_end_on", "end_reason")
    values = list(before)
    choices = choices_for(course, placement=WITH_COURSE, function=WITH_COURSE)
    end(course, choices=choices, by=leader)
    assert Placement.objects.count() == 1
    left = actions.reopen_course(course, why=WHY, by=leader)
    course.refresh_from_db()
    meeting.refresh_from_db()
    assert (left, course.ended_on, course.end_reason) == ([], None, "")
    assert list(before.all()) == values
    assert set(course.placements.all()) == {internship, ahead}
    assert (meeting.state, course.holdings.filter(until_on=None).count()) == ("booked", 4)


def test_what_somebody_has_changed_since_stays_and_is_named(course, internship, leader) -> None:
    from companies.actions import placements

    end(course, choices=choices_for(course, placement=WITH_COURSE), by=leader)
    internship.refresh_from_db()
    last = END - 3 * DAY
    placements.end_placement(internship, ended_on=last, today=END, end_reason=EarlyEndReason.ILLNESS)
    left = actions.reopen_course(course, why=WHY, by=leader)
    internship.refresh_from_db()
    assert len(left) == 1
    assert internship.ended_on == last


def test_a_corrected_day_takes_along_what_ended_with_the_course(course, internship, leader) -> None:
    employment = PlacementFactory(course=course, kind="ordinary_employment", planned_end_on=None)
    choices = {
        f"placement-{internship.public_id}": WITH_COURSE,
        f"placement-{employment.public_id}": EndChoice(EndMode.OWN_DAY, END - 8 * DAY),
    }
    end(course, choices=choices, by=leader)
    actions.correct_end(
        course, ended_on=END + 10 * DAY, reason="moved", outcome="Flyttet", why=WHY, by=leader
    )
    course.refresh_from_db()
    internship.refresh_from_db()
    employment.refresh_from_db()
    assert (course.ended_on, course.end_reason) == (END + 10 * DAY, "moved")
    assert (internship.ended_on, employment.ended_on) == (END + 9 * DAY, END - 8 * DAY)
    entry = CaseCorrection.objects.first()
    assert (entry.kind, entry.reason, entry.made_by) == ("end_corrected", WHY, leader)
    assert entry.changes[0] == {
        "field": "ended_on",
        "before": END.isoformat(),
        "after": (END + 10 * DAY).isoformat(),
    }


def test_an_end_corrected_to_an_earlier_day_ends_what_was_to_end_with_the_course(course, leader) -> None:
    """Nothing had to change at first, since the placement was over before; the choice holds all the same."""
    placement = PlacementFactory(course=course, planned_end_on=END - 3 * DAY)
    end(course, choices={f"placement-{placement.public_id}": WITH_COURSE}, by=leader)
    placement.refresh_from_db()
    assert placement.planned_end_on == END - 3 * DAY
    actions.correct_end(course, ended_on=END - 8 * DAY, reason="moved", outcome="", why=WHY, by=leader)
    placement.refresh_from_db()
    assert placement.last_day == END - 9 * DAY


@pytest.mark.parametrize("user", [None, "leader"])
def test_no_placement_begins_after_the_end_whoever_records_it(course, leader, user) -> None:
    ahead = PlacementFactory(course=course, starts_on=END, planned_end_on=END + 20 * DAY)
    before = PlacementFactory(course=course, starts_on=END - DAY, planned_end_on=END + 20 * DAY)
    end(course, choices=choices_for(course, placement=GOES_ON), by=user and leader)
    assert list(course.placements.all()) == [before]
    actions.reopen_course(course, why=WHY, by=leader)
    assert set(course.placements.all()) == {before, ahead}


def test_an_end_corrected_to_an_earlier_day_leaves_no_placement_after_it(course, leader) -> None:
    PlacementFactory(course=course, starts_on=END - 5 * DAY, planned_end_on=END + 20 * DAY)
    end(course, by=leader)
    actions.correct_end(course, ended_on=END - 8 * DAY, reason="moved", outcome="", why=WHY, by=leader)
    assert not course.placements.exists()


def test_a_reopened_course_leaves_an_internship_whose_match_is_later(course, internship, leader) -> None:
    end(course, placements_end=True, by=leader)
    Match.objects.filter(pk=internship.match_id).update(matched_on=internship.starts_on + DAY)
    assert len(actions.reopen_course(course, why=WHY, by=leader)) == 1


def test_nothing_is_reopened_or_corrected_without_a_reason(course, leader) -> None:
    end(course)
    with pytest.raises(ValidationError):
        actions.reopen_course(course, why=" ", by=leader)
    with pytest.raises(ValidationError):
        actions.correct_end(course, ended_on=END + DAY, reason="moved", outcome="", why="", by=leader)
    assert CaseCorrection.objects.count() == 1


def test_the_grant_follows_a_reopened_course(db, leader) -> None:
    course = CourseFactory(referral=AllocationFactory().referral)
    PlacementFactory(course=course, company=CompanyFactory(), starts_on=DRAWN_ON)
    kinds = EarnedEvent.objects.order_by("kind").values_list("kind", flat=True)
    earned = list(kinds)
    end(course, placements_end=True, by=leader)
    assert len(kinds.all()) < len(earned)
    actions.reopen_course(course, why=WHY, by=leader)
    assert list(kinds.all()) == earned


@pytest.mark.django_db(transaction=True)
def test_two_people_who_end_a_course_at_once_leave_one_end() -> None:
    course = CourseFactory()
    users = [UserFactory(), UserFactory()]
    jobs = [
        lambda user=user, day=day: actions.end_course(course, ended_on=day, reason="moved", by=user)
        for user, day in zip(users, (END, END + DAY), strict=True)
    ]
    outcomes = run_at_once(jobs)
    course.refresh_from_db()
    entry = CaseCorrection.objects.get()
    assert sum(isinstance(outcome, AlreadyEnded) for outcome in outcomes) == 1
    assert entry.made_by == users[0 if course.ended_on == END else 1]


def test_a_meeting_is_not_booked_twice_by_reopening(course, leader) -> None:
    meeting = booked(course, END + 2 * DAY)
    end(course, by=leader)
    FollowUpMeetingFactory(course=course, planned_at=meeting.planned_at)
    assert len(actions.reopen_course(course, why=WHY, by=leader)) == 1
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"


def spells(course: Course) -> dict[str, object]:
    """Return an effort, an accommodation and a pause that run, by the codes of their endings."""
    pause = PauseData("leave", DRAWN_ON, None, "", [])
    return {
        "effort": actions.record_effort(
            course, kind="health", description="Genoptræning", coordinator="Ida", starts_on=DRAWN_ON
        ),
        "accommodation": actions.record_accommodation(course, description="Pauser", from_on=DRAWN_ON),
        "pause": actions.record_pause(course, pause, by=None),
    }


LAST_DAYS = {"effort": "ends_on", "accommodation": "until_on", "pause": "ends_on"}


def last_days(rows: dict[str, object]) -> dict[str, datetime.date | None]:
    for row in rows.values():
        row.refresh_from_db()
    return {code: getattr(row, LAST_DAYS[code]) for code, row in rows.items()}


@pytest.mark.usefixtures("wednesday")
def test_efforts_accommodations_and_pauses_end_on_days_of_their_own(course, leader) -> None:
    rows = spells(course)
    own_day = EndChoice(EndMode.OWN_DAY, END - 5 * DAY)
    end(
        course,
        choices=choices_for(course, effort=own_day, accommodation=GOES_ON, pause=WITH_COURSE),
        by=leader,
    )
    assert last_days(rows) == {"effort": END - 5 * DAY, "accommodation": None, "pause": END - DAY}
    assert actions.reopen_course(course, why=WHY, by=leader) == []
    assert last_days(rows) == dict.fromkeys(rows)


@pytest.mark.usefixtures("wednesday")
def test_what_is_over_or_ends_before_the_course_keeps_its_last_day(course, leader) -> None:
    over = actions.record_accommodation(
        course, description="Pauser", from_on=DRAWN_ON, until_on=DRAWN_ON + DAY
    )
    assert "accommodation" not in [thing.code for thing in extension_points.still_running(course)]
    ahead = datetime.date(2016, 6, 1)
    soon = actions.record_accommodation(
        course, description="Stilhed", from_on=DRAWN_ON, until_on=ahead - 5 * DAY
    )
    end(course, ahead, choices=choices_for(course, accommodation=WITH_COURSE), by=leader)
    assert [*Accommodation.objects.order_by("pk").values_list("until_on", flat=True)] == [
        over.until_on,
        soon.until_on,
    ]


@pytest.mark.usefixtures("wednesday")
def test_a_pause_that_would_begin_after_the_end_goes_and_comes_back(course, leader) -> None:
    pause = actions.record_pause(course, PauseData("leave", END + DAY, END + 9 * DAY, "Ferie", []), by=leader)
    end(course, choices=choices_for(course, pause=WITH_COURSE), by=leader)
    assert not course.pauses.exists()
    actions.reopen_course(course, why=WHY, by=leader)
    again = course.pauses.get()
    assert (again.public_id, again.span, again.reason) == (pause.public_id, pause.span, "Ferie")
    assert again.registered_by == leader


@pytest.mark.usefixtures("wednesday")
def test_a_pause_whose_days_were_taken_meanwhile_stays_ended(course, leader) -> None:
    actions.record_pause(course, PauseData("leave", DRAWN_ON, None, "", []), by=leader)
    end(course, choices=choices_for(course, pause=WITH_COURSE), by=leader)
    CoursePause.objects.create(course=course, kind="leave", starts_on=END, ends_on=END + DAY)
    assert len(actions.reopen_course(course, why=WHY, by=leader)) == 1
    assert course.pauses.count() == 2


@pytest.mark.usefixtures("wednesday")
def test_a_dialogue_comes_to_nothing_with_the_course_and_goes_on_with_it(course, leader) -> None:
    dialogue = open_dialogue(course, CompanyFactory(), StepTaken("contacted", DRAWN_ON))
    end(course, choices=choices_for(course, dialogue=WITH_COURSE), by=leader)
    dialogue.refresh_from_db()
    assert (dialogue.step, dialogue.step_on) == ("ended", END - DAY)
    assert dialogue.entries.first().reason == "course_ended"
    assert actions.reopen_course(course, why=WHY, by=leader) == []
    dialogue.refresh_from_db()
    assert (dialogue.step, dialogue.entries.count()) == ("contacted", 1)
