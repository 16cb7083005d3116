"""The mentor's week: who lacks a contact, registration by one tap, and corrections."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from audit.models import AccessOutcome, AccessRecord
from cases import actions
from cases.models import CourseFunction, CoursePause, FunctionHolding, MentorContact
from reminders import deadlines
from tests.factories import (
    DRAWN_ON,
    CourseFactory,
    FollowUpMeetingFactory,
    MeetingDecisionFactory,
    MentorContactFactory,
    UserFactory,
    mark_held,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)
WEEK = "/min-uge/"


def register_by_tap(client, course, **data):
    return client.post(reverse("cases:contact_today", args=[course.public_id]), data)


def contacts_until(course, last):
    """Make a contact in every week from the draw up to `last`."""
    day = DRAWN_ON
    while day <= last:
        MentorContactFactory(course=course, held_on=day)
        day += 7 * DAY


def state_of(page, course):
    card = page[page.index(f'id="c-{course.public_id}"') :]
    return card[card.index('class="is-') + 10 :].split('"')[0]


def test_another_day_leads_back_to_the_week(as_user, holder, project, wednesday):
    course = CourseFactory(project_for=project, holders=holder)
    client = as_user(holder)
    address = reverse("cases:new_contact", args=[course.public_id]) + "?to=week"
    assert f'href="{address}"' in client.get(WEEK).content.decode()
    assert f'href="{WEEK}"' in client.get(address).content.decode()
    sent = {
        "held_on": wednesday - DAY,
        "channel": "phone",
        "citizen_present": "on",
        "submission": uuid.uuid4(),
    }
    assert client.post(address, sent).url == WEEK
    assert MentorContact.objects.get().held_on == wednesday - DAY


def test_those_who_lack_a_contact_stand_first(as_user, holder, project, wednesday):
    late = CourseFactory(project_for=project, holders=holder, referral__name="Øre Sent")
    due = CourseFactory(project_for=project, holders=holder, referral__name="Bo Snart")
    contacted = CourseFactory(project_for=project, holders=holder, referral__name="Aa Gjort")
    contacts_until(late, wednesday - 16 * DAY)
    contacts_until(due, wednesday - 7 * DAY)
    contacts_until(contacted, wednesday)
    deadlines.recompute()
    page = as_user(holder).get(WEEK).content.decode()
    assert [state_of(page, course) for course in (late, due, contacted)] == ["late", "due", "done"]
    assert page.index("Øre Sent") < page.index("Bo Snart") < page.index("Aa Gjort")
    assert "2 borgere mangler kontakt" in page
    record = AccessRecord.objects.get(action="my_week", outcome=AccessOutcome.SHOWN)
    assert set(record.citizens) == {c.citizen.public_id for c in (late, due, contacted)}


def test_only_own_citizens_and_running_courses(as_user, holder, colleague, course, project):
    CourseFactory(
        project_for=project,
        holders=holder,
        referral__name="Er Sluttet",
        ended_on=DRAWN_ON + DAY,
        end_reason="other",
    )
    mine = as_user(holder).get(WEEK).content.decode()
    assert "Ågesen" in mine
    assert "Er Sluttet" not in mine
    assert "Ågesen" not in as_user(colleague).get(WEEK).content.decode()


def test_somebody_who_is_no_mentor_has_no_week(as_user, leader):
    assert as_user(leader).get(WEEK).status_code == 403


def test_an_empty_week_says_what_to_do(as_user, colleague):
    page = as_user(colleague).get(WEEK).content.decode()
    assert "Du er ikke mentor i noget igangværende forløb" in page


@pytest.mark.parametrize("many", [2, 20])
def test_the_week_keeps_to_eight_queries(as_user, holder, project, django_assert_max_num_queries, many):
    for _ in range(many):
        MentorContactFactory(course=CourseFactory(project_for=project, holders=holder))
    client = as_user(holder)
    with django_assert_max_num_queries(8):
        client.get(WEEK)


def test_one_tap_registers_a_contact_today(as_user, holder, course, wednesday):
    response = register_by_tap(as_user(holder), course, submission=uuid.uuid4())
    assert response.status_code == 302
    assert response.url == f"{WEEK}#c-{course.public_id}"
    contact = MentorContact.objects.get()
    assert (contact.course, contact.held_on, contact.registered_by) == (course, wednesday, holder)
    page = as_user(holder).get(WEEK).content.decode()
    assert state_of(page, course) == "done"
    assert "Fortryd" in page


def test_the_same_tap_twice_is_one_contact(as_user, holder, course):
    token = uuid.uuid4()
    client = as_user(holder)
    for _ in range(2):
        assert register_by_tap(client, course, submission=token).status_code == 302
    assert MentorContact.objects.count() == 1


def test_htmx_gets_the_card_with_the_message(as_user, holder, course):
    client = as_user(holder)
    response = client.post(
        reverse("cases:contact_today", args=[course.public_id]),
        {"submission": uuid.uuid4()},
        headers={"HX-Request": "true"},
    )
    page = response.content.decode()
    assert "<html" not in page
    assert f'id="c-{course.public_id}"' in page
    assert "Kontakten er registreret." in page


def test_the_count_above_the_list_follows_the_tap(as_user, holder, course, project, wednesday):
    other = CourseFactory(project_for=project, holders=holder)
    for shown_course in (course, other):
        contacts_until(shown_course, wednesday - 7 * DAY)
    deadlines.recompute()
    client = as_user(holder)
    assert "2 borgere mangler kontakt" in client.get(WEEK).content.decode()
    all_done = "Alle borgere har haft kontakt i denne uge."
    for shown_course, count in ((course, "1 borger mangler kontakt"), (other, all_done)):
        address = reverse("cases:contact_today", args=[shown_course.public_id])
        page = client.post(
            address, {"submission": uuid.uuid4()}, headers={"HX-Request": "true"}
        ).content.decode()
        assert count in page[page.index('<span id="week-count" hx-swap-oob="true">') :]


def test_nobody_is_said_to_have_had_a_contact_that_was_not_needed(as_user, holder, course, wednesday):
    CoursePause.objects.create(
        course=course,
        kind="illness",
        starts_on=DRAWN_ON,
        suspended=["weekly_contact_missing", "weekly_contact_overdue"],
    )
    deadlines.recompute()
    page = as_user(holder).get(WEEK).content.decode()
    assert state_of(page, course) == "paused"
    assert "Ingen borgere mangler kontakt." in page
    assert "Alle borgere har haft kontakt" not in page


def test_the_card_names_what_else_is_due_from_the_mentor(as_user, holder, course, wednesday):
    meeting = FollowUpMeetingFactory(course=course)
    for function in (CourseFunction.MENTOR, CourseFunction.JOB_CONSULTANT):
        MeetingDecisionFactory(
            course=course, meeting=meeting, function=function, due_on=wednesday - 3 * DAY, promised=False
        )
    mark_held(meeting)
    deadlines.recompute()
    page = as_user(holder).get(WEEK).content.decode()
    assert "Aftale fra et møde (mentor eller borger)" in page
    assert "jobkonsulent" not in page
    assert "søndag den 15. maj 2016" in page


def test_a_slip_is_undone_at_once_and_anybody_elses_contact_needs_a_reason(
    as_user, holder, course, project, wednesday
):
    course_owner = UserFactory(project=project, roles=["course_owner"])
    FunctionHolding.objects.filter(course=course, function=CourseFunction.COURSE_OWNER).update(
        user=course_owner
    )
    contact = actions.register_contact(course, held_on=wednesday, by=holder)
    address = reverse("cases:withdraw_contact", args=[contact.public_id])
    assert "Hvorfor er det fejlregistreret?" in as_user(course_owner).post(address).content.decode()
    assert MentorContact.objects.filter(pk=contact.pk).exists()
    as_user(holder).post(address)
    assert not MentorContact.objects.exists()
    assert as_user(holder).post(address).status_code == 302  # a second tap changes nothing
    assert not MentorContact.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "colleague", "leader"])
def test_nobody_else_registers_a_contact(as_user, request, course, who):
    client = as_user(request.getfixturevalue(who))
    expected = 403 if who == "leader" else 404
    assert register_by_tap(client, course, submission=uuid.uuid4()).status_code == expected
    assert not MentorContact.objects.exists()


def test_a_broken_token_or_channel_does_no_harm(as_user, holder, course):
    assert register_by_tap(as_user(holder), course, submission="x", channel="pigeon").status_code == 302
    assert MentorContact.objects.get().channel == "unknown"


def test_reading_changes_nothing(as_user, holder, course):
    assert as_user(holder).get(reverse("cases:contact_today", args=[course.public_id])).status_code == 405


def test_a_contact_on_another_day_with_a_note(as_user, holder, course, wednesday):
    client = as_user(holder)
    address = reverse("cases:new_contact", args=[course.public_id])
    data = {
        "held_on": "2016-05-11",
        "channel": "phone",
        "citizen_present": "on",
        "note": "Talte om bussen",
        "submission": uuid.uuid4(),
    }
    for _ in range(2):
        assert client.post(address, data).url.endswith("#contacts")
    contact = MentorContact.objects.get()
    assert (contact.held_on, contact.channel, contact.note) == (
        wednesday - 7 * DAY,
        "phone",
        "Talte om bussen",
    )


def test_what_is_refused_stands_beside_the_field_and_nothing_typed_is_lost(as_user, holder, course):
    response = as_user(holder).post(
        reverse("cases:new_contact", args=[course.public_id]),
        {"held_on": "2016-01-01", "channel": "phone", "outcome": "declined", "note": "Æbler"},
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert "Dagen ligger før forløbets start." in page
    assert "Æbler" in page


def test_a_stale_correction_shows_both_and_loses_neither(as_user, holder, course, wednesday):
    contact = actions.register_contact(course, held_on=wednesday, by=holder, note="først")
    client = as_user(holder)
    address = reverse("cases:correct_contact", args=[contact.public_id])
    assert 'name="version" value="1"' in client.get(address).content.decode()
    mine = {"held_on": "2016-05-18", "channel": "phone", "citizen_present": "on", "version": "1"}
    actions.correct_contact(
        contact, held_on=wednesday, citizen_present=True, channel="video", note="deres", version=1
    )
    response = client.post(address, {**mine, "note": "mine"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "deres" in page
    assert "mine" in page
    assert 'name="version" value="2"' in page
    contact.refresh_from_db()
    assert contact.note == "deres"
    assert client.post(address, {**mine, "note": "mine og deres", "version": "2"}).status_code == 302
    contact.refresh_from_db()
    assert (contact.note, contact.version) == ("mine og deres", 3)


# Failed attempts (D49)


def test_one_tap_registers_an_attempt_with_its_outcome(as_user, holder, course, wednesday):
    response = register_by_tap(
        as_user(holder), course, submission=uuid.uuid4(), channel="phone", outcome="no_answer"
    )
    assert response.status_code == 302
    attempt = MentorContact.objects.get()
    assert (attempt.held_on, attempt.citizen_present) == (wednesday, False)
    assert (attempt.channel, attempt.outcome) == ("phone", "no_answer")


def test_a_tap_with_an_unknown_outcome_is_refused(as_user, holder, course):
    client = as_user(holder)
    answer = client.post(
        reverse("cases:contact_today", args=[course.public_id]), {"outcome": "nonsense"}, follow=True
    )
    assert "Vælg et udfald fra listen." in answer.content.decode()
    assert not MentorContact.objects.exists()


def test_an_attempt_leaves_the_contact_owed_and_to_be_registered(as_user, holder, course, wednesday):
    actions.register_contact(course, held_on=wednesday, citizen_present=False, outcome="declined", by=holder)
    page = as_user(holder).get(WEEK).content.decode()
    assert state_of(page, course) == "late"
    assert "Forsøgt i dag" in page
    assert "Registrér kontakt i dag" in page
    assert register_by_tap(as_user(holder), course, submission=uuid.uuid4()).status_code == 302
    page = as_user(holder).get(WEEK).content.decode()
    assert state_of(page, course) == "done"
    assert "forgæves" not in page


def test_the_week_and_the_course_page_count_the_attempts_in_a_row(as_user, holder, course, wednesday):
    for days_ago, present in ((9, False), (8, True), (3, False), (2, False), (1, False)):
        MentorContactFactory(course=course, held_on=wednesday - days_ago * DAY, citizen_present=present)
    client = as_user(holder)
    assert "3 forgæves kontaktforsøg i træk" in client.get(WEEK).content.decode()
    course_page = client.get(reverse("cases:course_meetings", args=[course.public_id])).content.decode()
    assert "3 forgæves kontaktforsøg i træk" in course_page


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"citizen_present": "on", "outcome": "declined"}, "Kun et forgæves kontaktforsøg har et udfald."),
        ({}, "Vælg, hvad der kom ud af kontaktforsøget."),
        ({"outcome": "pigeon"}, "id_outcome_error"),
    ],
)
def test_the_form_takes_an_outcome_of_an_attempt_only(as_user, holder, course, data, error):
    address = reverse("cases:new_contact", args=[course.public_id])
    page = as_user(holder).post(address, {"held_on": "2016-05-11", "channel": "phone", **data})
    assert error in page.content.decode()
    assert not MentorContact.objects.exists()


def test_an_attempt_is_corrected_to_a_contact_and_loses_its_outcome(as_user, holder, course, wednesday):
    attempt = actions.register_contact(
        course, held_on=wednesday, citizen_present=False, outcome="declined", by=holder
    )
    address = reverse("cases:correct_contact", args=[attempt.public_id])
    data = {"held_on": "2016-05-18", "channel": "phone", "version": "1"}
    assert as_user(holder).post(address, {**data, "outcome": "did_not_come"}).status_code == 302
    attempt.refresh_from_db()
    assert (attempt.outcome, attempt.version) == ("did_not_come", 2)
    data = {**data, "citizen_present": "on", "outcome": "", "version": "2"}
    assert as_user(holder).post(address, data).status_code == 302
    attempt.refresh_from_db()
    assert (attempt.citizen_present, attempt.outcome) == (True, "")


def test_the_action_and_the_database_refuse_the_outcome_of_a_contact(course, holder, wednesday):
    with pytest.raises(ValidationError, match="kontaktforsøg"):
        actions.register_contact(course, held_on=wednesday, outcome="declined", by=holder)
    with pytest.raises(IntegrityError, match="cases_contact_outcome"):
        MentorContactFactory(course=course, outcome="declined")
