"""The course owner's meetings: what is late, due and booked; booking, holding, moving, closing (D9, D18)."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AccessOutcome, AccessRecord
from cases import actions
from cases.models import FollowUpMeeting, MeetingState
from reminders import deadlines
from tests.factories import DRAWN_ON, CourseFactory, FollowUpMeetingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)
MEETINGS = "/moeder/"


def at(day, hour=10):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def row_url(name, row):
    return reverse(f"cases:{name}", args=[row.public_id])


@pytest.fixture
def meeting(course, wednesday):
    return actions.book_meeting(course, planned_at=at(wednesday - DAY), place="Jobcentret")


def group_of(page, name):
    """Return the group in which a citizen is listed."""
    heading = page[: page.index(name)]
    return heading[heading.rindex('id="g-') + 6 :].split('"')[0]


def test_courses_are_grouped_by_what_their_meetings_ask_for(as_user, holder, project, wednesday):
    def course(name, start=DRAWN_ON):
        return CourseFactory(project_for=project, holders=holder, started_on=start, referral__name=name)

    course("A Sent")  # due 5 May
    FollowUpMeetingFactory(course=course("B Registrer"), planned_at=at(wednesday - DAY))
    course("C Book", start=wednesday - 26 * DAY)  # due 23 May
    FollowUpMeetingFactory(course=course("D Booket", start=wednesday - 26 * DAY), planned_at=at(wednesday))
    course("E Senere", start=wednesday - DAY)
    deadlines.recompute()
    page = as_user(holder).get(MEETINGS).content.decode()
    groups = {name: group_of(page, name) for name in ("A Sent", "B Reg", "C Book", "D Booket", "E Senere")}
    assert groups == {
        "A Sent": "overdue",
        "B Reg": "to_register",
        "C Book": "to_book",
        "D Booket": "booked",
        "E Senere": "later",
    }
    assert AccessRecord.objects.filter(action="my_meetings", outcome=AccessOutcome.SHOWN).count() == 1


def test_a_meeting_booked_too_late_is_still_overdue(as_user, holder, course, wednesday):
    FollowUpMeetingFactory(course=course, planned_at=at(wednesday + 3 * DAY))
    deadlines.recompute()
    assert group_of(as_user(holder).get(MEETINGS).content.decode(), "Ågesen") == "overdue"


def test_a_meeting_booked_after_the_deadline_is_not_simply_booked(as_user, holder, project, wednesday):
    course = CourseFactory(  # the meeting is due 23 May
        project_for=project, holders=holder, started_on=wednesday - 26 * DAY, referral__name="Bo Booket"
    )
    FollowUpMeetingFactory(course=course, planned_at=at(wednesday + 6 * DAY))
    deadlines.recompute()
    page = as_user(holder).get(MEETINGS).content.decode()
    assert group_of(page, "Bo Booket") == "too_late"
    assert "Booket efter fristen" in page
    assert "is-done" not in page


def test_overdue_meetings_stand_first_and_each_group_is_in_the_order_of_its_days(
    as_user, holder, project, wednesday
):
    def course(name, start):
        return CourseFactory(project_for=project, holders=holder, started_on=start, referral__name=name)

    start = wednesday - 26 * DAY
    FollowUpMeetingFactory(course=course("A Booket fredag", start), planned_at=at(wednesday + 2 * DAY))
    FollowUpMeetingFactory(course=course("B Booket torsdag", start - DAY), planned_at=at(wednesday + DAY))
    FollowUpMeetingFactory(course=course("Ø Booket onsdag", start + DAY), planned_at=at(wednesday))
    course("Å Sent", DRAWN_ON)
    course("B Senest", DRAWN_ON - DAY)
    deadlines.recompute()
    page = as_user(holder).get(MEETINGS).content.decode()
    names = ["B Senest", "Å Sent", "Ø Booket onsdag", "B Booket torsdag", "A Booket fredag"]
    assert sorted(names, key=page.index) == names


@pytest.mark.parametrize("many", [2, 20])
def test_the_page_keeps_to_eight_queries(as_user, holder, project, django_assert_max_num_queries, many):
    for _ in range(many):
        FollowUpMeetingFactory(course=CourseFactory(project_for=project, holders=holder))
    client = as_user(holder)
    with django_assert_max_num_queries(8):
        client.get(MEETINGS)


def test_who_owns_no_course_is_refused_or_told(as_user, leader, colleague):
    assert as_user(leader).get(MEETINGS).status_code == 403
    assert "Du er ikke forløbsansvarlig" in as_user(colleague).get(MEETINGS).content.decode()


def test_a_meeting_is_booked_once_however_often_the_form_is_sent(as_user, holder, course):
    client = as_user(holder)
    data = {"planned_at": "2016-05-20T10:30", "place": "Jobcentret", "submission": uuid.uuid4()}
    for _ in range(2):
        assert client.post(row_url("book_meeting", course), data).status_code == 302
    meeting = FollowUpMeeting.objects.get()
    assert timezone.localtime(meeting.planned_at).isoformat() == "2016-05-20T10:30:00+02:00"


def test_a_meeting_is_held_on_its_own_page_alone(as_user, holder, course, meeting):
    """No second page whose text would stand beside the minutes of the agenda."""
    page = as_user(holder).get(MEETINGS).content.decode()
    assert row_url("meeting", meeting) in page
    assert "afhold" not in page
    assert as_user(holder).get(f"{row_url('meeting', meeting)}afhold/").status_code == 404


def test_a_second_meeting_on_the_day_is_refused_beside_the_field(as_user, holder, course, meeting, wednesday):
    data = {"planned_at": f"{wednesday - DAY}T14:00", "submission": uuid.uuid4()}
    response = as_user(holder).post(row_url("book_meeting", course), data)
    assert response.status_code == 200
    assert "Der er allerede booket et møde den dag." in response.content.decode()


def test_a_meeting_is_not_moved_to_a_day_that_has_one(as_user, holder, course, meeting, wednesday):
    second = actions.book_meeting(course, planned_at=at(wednesday))
    client = as_user(holder)
    data = {"planned_at": f"{wednesday - DAY}T14:00", "version": "1"}
    page = client.post(row_url("move_meeting", second), data).content.decode()
    assert "Der er allerede booket et møde den dag" in page
    second.refresh_from_db()
    assert second.planned_at == at(wednesday)
    assert client.post(row_url("move_meeting", meeting), data).status_code == 302, "another hour"


def test_a_moved_meeting_keeps_a_day(as_user, holder, meeting):
    page = as_user(holder).post(row_url("move_meeting", meeting), {"planned_at": "", "version": "1"})
    assert "id_planned_at_error" in page.content.decode()
    meeting.refresh_from_db()
    assert meeting.planned_at is not None


def test_a_meeting_is_not_held_without_the_citizen(as_user, holder, meeting, wednesday):
    data = {"act": "hold", "held_on": str(wednesday - DAY), "minute-other": "Kort snak"}
    response = as_user(holder).post(row_url("meeting", meeting), data)
    page = response.content.decode()
    assert response.status_code == 200
    assert "id_citizen_present_error" in page
    assert "Kort snak" in page
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.BOOKED


def test_a_meeting_is_held_with_the_citizen(as_user, holder, meeting, wednesday):
    data = {
        "act": "hold",
        "held_on": str(wednesday - DAY),
        "citizen_present": "on",
        "attendees": [holder.pk],
        "minute-other": "Progression og jobmål",
        "submission": uuid.uuid4(),
    }
    assert as_user(holder).post(row_url("meeting", meeting), data).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.state, meeting.held_on) == (MeetingState.HELD, wednesday - DAY)
    assert list(meeting.attendees.all()) == [holder]


@pytest.mark.parametrize(("name", "state"), [("cancel_meeting", "cancelled"), ("missed_meeting", "missed")])
def test_a_cancelled_or_missed_meeting_does_not_count(as_user, holder, meeting, name, state):
    client = as_user(holder)
    for _ in range(2):
        assert client.post(row_url(name, meeting), {"version": "1"}).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.state, meeting.held_on) == (state, None)


def test_a_closed_meeting_cannot_be_moved_and_says_so(as_user, holder, meeting):
    actions.cancel_meeting(meeting)
    response = as_user(holder).post(
        row_url("move_meeting", meeting), {"planned_at": "2016-05-25T10:00", "version": "2"}
    )
    assert response.status_code == 200
    assert "Mødet er ikke længere booket" in response.content.decode()


def test_two_who_move_the_same_meeting_lose_nothing(as_user, holder, meeting, wednesday):
    client = as_user(holder)
    first = {"planned_at": "2016-05-25T10:00", "place": "Biblioteket", "version": "1"}
    assert client.post(row_url("move_meeting", meeting), first).status_code == 302
    second = client.post(row_url("move_meeting", meeting), {**first, "place": "Rådhuset"})
    page = second.content.decode()
    assert second.status_code == 409
    assert "Biblioteket" in page
    assert "Rådhuset" in page


@pytest.mark.parametrize("who", ["stranger", "colleague"])
@pytest.mark.parametrize("name", ["meeting", "move_meeting", "cancel_meeting", "missed_meeting"])
def test_a_foreign_meeting_is_not_found(as_user, request, meeting, who, name):
    client = as_user(request.getfixturevalue(who))
    assert client.post(row_url(name, meeting)).status_code == 404
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.BOOKED
