"""Import of contacts and meetings by command (docs/formats.md): what is stored and refused."""

import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import exchange
from cases.actions import correct_meeting
from cases.actions.contact_import import ImportedContact, record_contacts
from cases.models import FollowUpMeeting, MentorContact
from jobfirst.exchange import read_table
from jobfirst.exchange.reading import BadFile
from reminders import deadlines
from tests.factories import CitizenFactory, CourseFactory, ProjectFactory, UserFactory, cpr
from tests.scenarios.import_files import referral_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def import_contacts(run_import):
    return lambda *rows, options=(): run_import(
        "import_contacts", exchange.CONTACT_COLUMNS, list(rows), "--format", "json", *options
    )


def test_contacts_and_meetings_are_recorded_once(odense_course, import_contacts) -> None:
    rows = [
        f"{cpr(1)};mentor_contact;2016-04-04;true",
        f"{cpr(1)};mentor_contact;2016-04-11;false",
        f"{cpr(1)};mentor_contact;2016-04-11;ja",
        f"{cpr(1)};follow_up_meeting;2016-05-02;true",
        f"{cpr(1)};follow_up_meeting;2016-05-02;true",
    ]
    assert import_contacts(*rows).json == {"created": 4, "updated": 0, "unchanged": 1}
    assert import_contacts(*rows).json == {"created": 0, "updated": 0, "unchanged": 5}
    assert MentorContact.objects.count() == 3
    assert MentorContact.objects.counting().count() == 2
    meeting = FollowUpMeeting.objects.get()
    assert (meeting.state, meeting.held_on) == ("held", datetime.date(2016, 5, 2))


def test_a_corrected_meeting_is_known_by_both_days(odense_course, import_contacts) -> None:
    recorded = f"{cpr(1)};follow_up_meeting;2016-05-02;true"
    import_contacts(recorded)
    correct_meeting(
        FollowUpMeeting.objects.get(),
        held_on=datetime.date(2016, 5, 3),
        citizen_present=True,
        attendees=[],
        reason="Forkert dag",
        by=UserFactory(),
    )
    corrected = f"{cpr(1)};follow_up_meeting;2016-05-03;true"
    assert import_contacts(recorded, corrected).json == {"created": 0, "updated": 0, "unchanged": 2}


def test_a_meeting_booked_for_the_day_is_the_one_that_was_held(odense_course, import_contacts) -> None:
    at = datetime.datetime(2016, 5, 2, 22, 30, tzinfo=datetime.UTC)  # 3 May, half past midnight in Copenhagen
    booked = FollowUpMeeting.objects.create(course=odense_course, planned_at=at)
    import_contacts(f"{cpr(1)};follow_up_meeting;2016-05-03;true")
    meeting = FollowUpMeeting.objects.get()
    assert (meeting, meeting.state, meeting.held_on) == (booked, "held", datetime.date(2016, 5, 3))


def test_the_deadlines_are_reckoned_once_for_all_booked_meetings(odense_course) -> None:
    days = [datetime.date(2016, month, 2) for month in (5, 6, 7)]
    for day in days:
        at = datetime.datetime.combine(day, datetime.time(10), tzinfo=datetime.UTC)
        FollowUpMeeting.objects.create(course=odense_course, planned_at=at)
    deadlines.recompute()
    meetings = [ImportedContact(odense_course, day, True, True) for day in days]
    with CaptureQueriesContext(connection) as queries:
        assert record_contacts(meetings).created == 3
    statements = [query["sql"] for query in queries]
    assert sum("pg_advisory_xact_lock_shared" in statement for statement in statements) == 1
    assert len(statements) == 43
    assert FollowUpMeeting.objects.filter(state="held").count() == 3
    assert list(deadlines.described_differences()) == []


def test_bad_contacts_are_listed_by_column_and_nothing_is_saved(odense_course, import_contacts) -> None:
    result = import_contacts(
        f"{cpr(1)};mentor_contact;2016-04-04;true",
        f"{cpr(1)};follow_up_meeting;2016-05-02;false",
        f"{cpr(1)};mentor_contact;2016-04-03;true",
        f"{cpr(2)};mentor_contact;2016-04-04;true",
        f"{cpr(1)};call;2016-04-04;maybe",
    )
    assert (result.code, result.out) == (1, "")
    assert result.errors == [
        "3: citizen_present: A meeting is not held without the citizen.",
        "4: held_on: The day lies before the course's start.",
        "5: cpr: the citizen has no course",
        "6: citizen_present: must be true, false, ja or nej",
        "6: kind: must be one of: mentor_contact, follow_up_meeting",
    ]
    assert not MentorContact.objects.exists()


def test_a_citizen_without_a_course_is_bad_data_also_when_referred(
    odense, import_referrals, import_contacts
) -> None:
    import_referrals(referral_row(9))
    assert import_contacts(f"{cpr(9)};mentor_contact;2016-06-08;true").errors == [
        "2: cpr: the citizen has no course"
    ]


def test_days_ahead_are_bad_data_in_a_real_system_only(
    odense_course, import_contacts, settings, time_machine
) -> None:
    time_machine.move_to(datetime.datetime(2016, 4, 10, 12, tzinfo=datetime.UTC))
    row = f"{cpr(1)};mentor_contact;2016-04-11;true"
    settings.JOBFIRST_MODE = "real"
    assert import_contacts(row).errors == ["2: held_on: The day lies in the future."]
    settings.JOBFIRST_MODE = "rehearsal"
    assert import_contacts(row).code == 0


def test_a_course_elsewhere_is_answered_as_none(odense_course, odense) -> None:
    elsewhere = ProjectFactory()
    text = "\n".join([";".join(exchange.CONTACT_COLUMNS), f"{cpr(1)};mentor_contact;2016-04-04;true"])
    table = read_table(io.BytesIO(text.encode()), exchange.CONTACT_COLUMNS)
    with pytest.raises(BadFile) as caught:
        exchange.import_contacts(table, projects={elsewhere.pk})
    assert [error.column for error in caught.value.errors] == ["cpr"]


def test_many_contacts_take_few_queries(odense, django_assert_max_num_queries) -> None:
    rows = []
    for number in range(30):
        CourseFactory(project_for=odense, referral__citizen=CitizenFactory(cpr=cpr(number)))
        rows += [f"{cpr(number)};mentor_contact;2016-{month:02d}-05;true" for month in range(5, 12)]
    text = "\n".join([";".join(exchange.CONTACT_COLUMNS), *rows])
    table = read_table(io.BytesIO(text.encode()), exchange.CONTACT_COLUMNS)
    with django_assert_max_num_queries(30):  # whatever the rows; 19 of them update the deadlines
        exchange.import_contacts(table)
    assert MentorContact.objects.count() == 210
