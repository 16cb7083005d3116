"""import_contacts: a row delivered again never undoes what a person has made of it (D41, D42)."""

from datetime import date

import pytest

from cases import exchange
from cases.actions import correct_contact, correct_meeting, withdraw_contact
from cases.models import DeliveredContact, FollowUpMeeting, MeetingCorrection, MentorContact
from reminders import deadlines
from tests.factories import CitizenFactory, CourseFactory, MentorContactFactory, UserFactory, cpr

pytestmark = pytest.mark.django_db

CONTACT = f"{cpr(1)};mentor_contact;2016-04-04;true"
MEETING = f"{cpr(1)};follow_up_meeting;2016-05-02;true"


@pytest.fixture
def load(odense_course, run_import):
    """Import rows by command; return the run."""
    return lambda *rows: run_import("import_contacts", exchange.CONTACT_COLUMNS, rows, "--format", "json")


def columns(report) -> list[str]:
    """Return the columns of the rows that are listed and not applied."""
    return [entry["column"] for entry in report["contradicted"]]


def correct(contact: MentorContact, **values) -> None:
    """A person corrects a contact."""
    fields = {"held_on": contact.held_on, "citizen_present": True, "channel": "phone", "note": ""} | values
    correct_contact(contact, **fields)


def test_a_withdrawn_contact_does_not_return(load) -> None:
    person = UserFactory()
    load(CONTACT, f"{CONTACT};A1".replace("04-04", "04-05"))
    for contact in MentorContact.objects.all():
        MentorContact.objects.filter(pk=contact.pk).update(registered_by=person)
        contact.refresh_from_db()
        withdraw_contact(contact, by=person)
    again = load(CONTACT, f"{CONTACT};A1".replace("04-04", "04-05")).json
    assert again == {"created": 0, "updated": 0, "unchanged": 2}
    assert not MentorContact.objects.exists()
    assert columns(load(f"{CONTACT};A1".replace("04-04", "04-06")).json) == ["held_on"]
    assert not MentorContact.objects.exists()


def withdraw(contact: MentorContact) -> None:
    """The person who registered a contact withdraws it."""
    person = UserFactory()
    MentorContact.objects.filter(pk=contact.pk).update(registered_by=person)
    contact.refresh_from_db()
    withdraw_contact(contact, by=person)


def moved(row: str, day: str) -> str:
    """Return the row with another day of April."""
    return row.replace("04-04", f"04-{day}")


@pytest.mark.parametrize(
    "row",
    [CONTACT, moved(CONTACT, "12").replace("true", "false"), f"{moved(CONTACT, '12')};A2"],
    ids=["day of the first file", "other presence", "other id"],
)
def test_a_withdrawn_contact_does_not_return_without_its_source_id(load, row) -> None:
    load(f"{CONTACT};A1")
    load(f"{moved(CONTACT, '12')};A1")
    withdraw(MentorContact.objects.get())
    assert load(moved(CONTACT, "12")).json == {"created": 0, "updated": 0, "unchanged": 1}
    assert columns(load(row).json) == ["held_on"]
    assert not MentorContact.objects.exists()


def test_a_contact_registered_and_withdrawn_by_hand_is_not_made_by_a_file(load, odense_course) -> None:
    withdraw(MentorContactFactory(course=odense_course, held_on=date(2016, 4, 4)))
    assert columns(load(CONTACT).json) == ["held_on"]
    assert load(moved(CONTACT, "05")).json["created"] == 1


def test_a_contact_entered_anew_after_a_withdrawal_is_the_one_that_a_file_means(load, odense_course) -> None:
    for _time in range(2):
        withdraw(MentorContactFactory(course=odense_course, held_on=date(2016, 4, 4), citizen_present=True))
    standing = MentorContactFactory(course=odense_course, held_on=date(2016, 4, 4), citizen_present=True)
    report = load(CONTACT).json
    assert report == {"created": 0, "updated": 0, "unchanged": 1}
    assert DeliveredContact.objects.get().contact == standing
    assert load(f"{CONTACT};A1").json == report


def test_a_meeting_that_counts_is_the_one_that_a_file_means(load, odense_course) -> None:
    not_held, standing = (
        FollowUpMeeting.objects.create(
            course=odense_course, state="held", held_on=date(2016, 5, 2), citizen_present=True
        )
        for _number in range(2)
    )
    fields = {"held_on": date(2016, 5, 2), "citizen_present": True, "attendees": [], "took_place": False}
    correct_meeting(not_held, **fields, reason="Ikke holdt", by=UserFactory())
    assert load(MEETING).json == {"created": 0, "updated": 0, "unchanged": 1}
    assert DeliveredContact.objects.get().meeting == standing


def test_an_older_file_does_not_return_a_contact_that_a_person_corrected(load) -> None:
    load(f"{CONTACT};A1")
    load(f"{moved(CONTACT, '12')};A1")
    correct(MentorContact.objects.get(), held_on=date(2016, 4, 7))
    assert columns(load(CONTACT).json) == ["held_on"]
    assert MentorContact.objects.get().held_on == date(2016, 4, 7)


def test_a_meeting_that_was_not_held_does_not_return_with_an_earlier_day(load) -> None:
    for day in ("02", "09", "16"):
        load(f"{MEETING};M1".replace("05-02", f"05-{day}"))
    not_held = {"held_on": date(2016, 5, 16), "citizen_present": True, "attendees": [], "took_place": False}
    correct_meeting(FollowUpMeeting.objects.get(), **not_held, reason="Ikke holdt", by=UserFactory())
    for day in ("02", "09"):
        assert columns(load(MEETING.replace("05-02", f"05-{day}")).json) == ["held_on"]
    assert load(MEETING.replace("05-02", "05-16")).json["unchanged"] == 1
    assert FollowUpMeeting.objects.count() == 1


@pytest.mark.parametrize("order", [1, -1])
def test_a_row_without_an_id_meets_what_the_same_file_corrects(load, order) -> None:
    load(f"{CONTACT};A1")
    report = load(*[f"{moved(CONTACT, '12')};A1", moved(CONTACT, "12")][::order]).json
    assert report == {"created": 0, "updated": 1, "unchanged": 1}
    report = load(*[f"{moved(CONTACT, '13')};A1", moved(CONTACT, "12")][::order]).json
    assert report == {"created": 1, "updated": 1, "unchanged": 0}
    days = MentorContact.objects.order_by("held_on").values_list("held_on", flat=True)
    assert list(days) == [date(2016, 4, 12), date(2016, 4, 13)]


def test_a_contact_that_a_person_corrected_stays_corrected(load) -> None:
    load(f"{CONTACT};A1")
    correct(MentorContact.objects.get(), held_on=date(2016, 4, 7))
    assert load(f"{CONTACT};A1").json["unchanged"] == 1
    assert load(CONTACT).json["unchanged"] == 1
    assert columns(load(f"{CONTACT};A1".replace("04-04", "04-06")).json) == ["held_on"]
    assert load(f"{CONTACT};A1".replace("04-04", "04-07")).json["unchanged"] == 1
    assert MentorContact.objects.get().held_on == date(2016, 4, 7)


def test_with_a_source_id_another_day_or_presence_corrects_the_contact(load) -> None:
    deadlines.recompute()
    load(f"{CONTACT};A1")
    moved = f"{cpr(1)};mentor_contact;2016-04-12;false;A1"
    assert load(moved).json == {"created": 0, "updated": 1, "unchanged": 0}
    contact = MentorContact.objects.get()
    assert (contact.held_on, contact.citizen_present) == (date(2016, 4, 12), False)
    assert load(moved).json["unchanged"] == 1
    assert list(deadlines.described_differences()) == []


def test_with_a_source_id_another_day_of_a_meeting_is_an_entry_beside_it(load) -> None:
    deadlines.recompute()
    load(f"{MEETING};M1")
    assert load(f"{MEETING};M1".replace("05-02", "05-09")).json["updated"] == 1
    meeting = FollowUpMeeting.objects.get()
    assert (meeting.held_on, meeting.counted_on) == (date(2016, 5, 2), date(2016, 5, 9))
    assert MeetingCorrection.objects.get().reason == "Rettet ved en leveret fil"
    assert list(deadlines.described_differences()) == []


def test_a_meeting_that_a_person_corrected_stays_corrected(load) -> None:
    load(f"{MEETING};M1")
    day = {"held_on": date(2016, 5, 3), "citizen_present": True, "attendees": []}
    correct_meeting(FollowUpMeeting.objects.get(), **day, reason="Forkert dag", by=UserFactory())
    assert load(f"{MEETING};M1").json["unchanged"] == 1
    assert columns(load(f"{MEETING};M1".replace("05-02", "05-09")).json) == ["held_on"]
    assert FollowUpMeeting.objects.get().counted_on == date(2016, 5, 3)


def test_a_source_id_is_taken_on_by_the_row_that_was_delivered_without(load) -> None:
    load(CONTACT)
    assert load(f"{CONTACT};A1").json["unchanged"] == 1
    assert load(f"{CONTACT};A1".replace("04-04", "04-06")).json["updated"] == 1
    assert MentorContact.objects.get().held_on == date(2016, 4, 6)


def test_two_rows_of_one_contact_are_told_apart_when_one_moves(load) -> None:
    load(f"{CONTACT};A1", f"{CONTACT};A2")
    assert MentorContact.objects.count() == 1
    load(f"{CONTACT};A1", f"{CONTACT};A2".replace("04-04", "04-08"))
    days = MentorContact.objects.order_by("held_on").values_list("held_on", flat=True)
    assert list(days) == [date(2016, 4, 4), date(2016, 4, 8)]


def test_a_source_id_names_one_row_one_citizen_and_one_kind(load, odense) -> None:
    CourseFactory(project_for=odense, referral__citizen=CitizenFactory(cpr=cpr(2)))
    load(f"{CONTACT};A1")
    result = load(
        f"{MEETING};A1",
        f"{CONTACT};A3",
        f"{CONTACT};A3".replace("04-04", "04-08"),
        f"{CONTACT};{cpr(1)}",
    )
    assert [error.split(": ")[0:2] for error in result.errors] == [
        ["2", "kind"],
        ["4", "source_id"],
        ["5", "source_id"],
    ]
    assert [error.split(": ")[0:2] for error in load(f"{CONTACT};A1".replace(cpr(1), cpr(2))).errors] == [
        ["2", "source_id"]
    ]
