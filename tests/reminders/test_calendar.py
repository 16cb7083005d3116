"""A person's private calendar feed: meetings and deadlines, by initials only."""

import datetime
import hashlib
import re

import icalendar
import pytest

from accounts.people import actions as account_actions
from accounts.people import addresses
from audit.models import AccessRecord
from cases import actions as case_actions
from cases.models import FollowUpMeeting
from reminders import deadlines, own_reminders, recipients
from reminders.calendar import calendar_of
from reminders.models import CalendarFeed
from tests.factories import FollowUpMeetingFactory
from tests.loops import some

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

WEDNESDAY = datetime.date(2016, 5, 18)
AT = datetime.datetime(2016, 5, 25, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _course(course):
    FollowUpMeetingFactory(course=course, planned_at=AT, place="Hos Testborger, Testvej 1")
    deadlines.recompute()


def address(user):
    return f"/paamindelser/kalender/{own_reminders.new_calendar_address(user)}.ics"


def events(ics):
    """Parse strictly: an error of the parser, or a component it could not read, fails."""
    calendar = icalendar.Calendar.from_ical(ics)
    assert calendar.errors == []
    assert calendar["prodid"]
    assert calendar["version"] == "2.0"
    calendar_events = list(calendar.walk("VEVENT"))
    for event in calendar_events:
        assert event.errors == []
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event)
    assert len({event["UID"] for event in calendar_events}) == len(calendar_events)
    return calendar_events


def test_meetings_and_deadlines_by_initials(client, holder, course):
    answer = client.get(address(holder))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar_events = events(answer.content)
    (meeting,) = (event for event in calendar_events if event.decoded("DTSTART") == AT)
    assert str(meeting["SUMMARY"]) == f"{course.initials}: Opfølgningsmøde"
    assert str(meeting["URL"]).endswith(f"/forloeb/{course.public_id}/moeder-og-kontakter/#meetings")
    summaries = {str(event["SUMMARY"]) for event in calendar_events}
    assert any("Den ugentlige kontakt" in summary for summary in summaries)


def test_what_is_open_today_is_what_the_person_is_reminded_of(holder, course):
    """The calendar and the digest look up separately who is to act: both must find the same."""
    due = {
        f"{telling.kind} {telling.subject_type} {telling.subject} {telling.due_on}"
        for telling in recipients.tellings(WEDNESDAY, recipient_id=holder.pk)
    }
    reminded_of = {hashlib.sha256(key.encode()).hexdigest()[:32] for key in due}
    keys = {str(event["UID"]).partition("@")[0] for event in events(calendar_of(holder, WEDNESDAY).ics)}
    assert reminded_of
    assert reminded_of <= keys


def test_every_line_is_as_rfc_5545_wants_it(holder):
    ics = calendar_of(holder, WEDNESDAY).ics
    lines = ics.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert all(len(line) <= 75 and b"\n" not in line for line in some(lines))


def test_no_name_number_note_or_place(client, holder, course):
    ics = client.get(address(holder)).content.decode()
    for word in ("Testborger", "Ågesen", "Testvej", course.citizen.pseudonym):
        assert word not in ics.replace("\r\n ", "")


def test_who_is_shown_is_recorded(client, holder, course):
    client.get(address(holder))
    record = AccessRecord.objects.get()
    assert (record.user, record.action, record.citizens) == (holder, "calendar", [course.citizen.public_id])


def test_a_moved_meeting_is_the_same_event(client, holder):
    url = address(holder)
    (before,) = (event for event in events(client.get(url).content) if event.decoded("DTSTART") == AT)
    later = AT + datetime.timedelta(hours=2)
    case_actions.move_meeting(FollowUpMeeting.objects.get(), planned_at=later)
    (after,) = (event for event in events(client.get(url).content) if event.decoded("DTSTART") == later)
    assert before["UID"] == after["UID"]


def test_others_have_other_calendars(client, colleague, leader):
    assert events(client.get(address(colleague)).content) == []
    kinds = {str(event["SUMMARY"]) for event in events(client.get(address(leader)).content)}
    assert not any("Opfølgningsmøde" in kind for kind in some(kinds))


def test_a_new_address_a_closed_one_and_a_closed_account(client, holder):
    first = address(holder)
    second = address(holder)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    own_reminders.revoke_calendar_address(holder)
    assert client.get(second).status_code == 404
    third = address(holder)
    holder.is_active = False
    holder.save()
    assert client.get(third).status_code == 404


def test_the_address_does_not_come_back_with_a_reopened_account(client, holder):
    old = address(holder)
    account_actions.deactivate_user(holder, WEDNESDAY)
    account_actions.reactivate_user(holder)
    assert client.get(old).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_another_mail_address_takes_the_calendar_off_the_net(client, holder):
    old = address(holder)
    addresses.change_address(holder, holder.email)
    assert client.get(old).status_code == 200
    addresses.change_address(holder, "ny@kommune.example")
    assert client.get(old).status_code == 404


def test_the_page_shows_the_address_once(as_user, holder):
    client = as_user(holder)
    assert "ingen adresse endnu" in client.get("/paamindelser/kalender/").content.decode()
    made = client.post("/paamindelser/kalender/").content.decode()
    token = re.search(r"/paamindelser/kalender/([\w-]+)\.ics", made).group(1)
    assert client.get(f"/paamindelser/kalender/{token}.ics").status_code == 200
    assert ".ics" not in client.get("/paamindelser/kalender/").content.decode()
    assert token not in str(CalendarFeed.objects.values())
    client.post("/paamindelser/kalender/luk/")
    assert not CalendarFeed.objects.exists()


def test_the_queries_do_not_grow(holder, course, django_assert_max_num_queries, project):
    from tests.factories import CourseFactory

    for _number in range(5):
        CourseFactory(project_for=project, holders=holder)
    deadlines.recompute()
    with django_assert_max_num_queries(10):
        calendar_of(holder, WEDNESDAY)
