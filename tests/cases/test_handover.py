"""Courses of one person handed over to colleagues: all or none, from one day on, with notes (D8, D57)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from audit.models import AccessRecord
from cases import actions
from cases.models import CourseFunction, FunctionHolding, HandoverNote
from jobfirst.dates import DAY
from reminders.models import Reminder
from tests.cases.handover_lines import TODAY, holder_on, line
from tests.factories import DRAWN_ON, CourseFactory, UserFactory

pytestmark = pytest.mark.django_db

NOTE = actions.NoteText("Et kørekort", "Sover dårligt", "Møde hos bageren mandag")


@pytest.fixture
def next_mentor(project):
    return UserFactory(name="Nina Ny", project=project, roles=[Role.MENTOR])


def test_the_successor_holds_the_functions_from_the_day_on(holder, leader, next_mentor, course, project):
    second = CourseFactory(project_for=project, holders=holder)
    lines = [line(course, next_mentor), line(second, next_mentor)]
    assert actions.hand_over(holder, lines, from_on=TODAY, by=leader) == 2
    for handed in (course, second):
        assert holder_on(handed, TODAY - DAY) == holder
        assert holder_on(handed, TODAY) == next_mentor
        assert holder_on(handed, TODAY, "course_owner") == holder


def test_one_bad_row_refuses_all_and_every_bad_row_is_named(holder, leader, next_mentor, course, project):
    second = CourseFactory(project_for=project, holders=holder)
    third = CourseFactory(project_for=project, holders=next_mentor)
    consultant = UserFactory(project=project, roles=[Role.JOB_CONSULTANT])
    lines = [line(course, next_mentor), line(second, consultant), line(third, next_mentor)]
    with pytest.raises(ValidationError) as caught:
        actions.hand_over(holder, lines, from_on=TODAY, by=leader)
    assert set(caught.value.message_dict) == {lines[1].key, lines[2].key}
    assert holder_on(course, TODAY) == holder


def test_a_function_that_begins_later_goes_over_on_its_day(holder, leader, next_mentor, course, colleague):
    actions.assign_function(course, function="mentor", user=colleague, from_on=DRAWN_ON)
    later = TODAY + 10 * DAY
    actions.assign_function(course, function="mentor", user=holder, from_on=later)
    actions.hand_over(holder, [line(course, next_mentor)], from_on=TODAY, by=leader)
    assert holder_on(course, TODAY + DAY) == colleague
    assert holder_on(course, later) == next_mentor


def test_both_spans_of_a_function_go_over(holder, leader, next_mentor, course, colleague):
    between, again = TODAY + 10 * DAY, TODAY + 20 * DAY
    actions.assign_function(course, function="mentor", user=colleague, from_on=between)
    actions.assign_function(course, function="mentor", user=holder, from_on=again)
    assert actions.hand_over(holder, [line(course, next_mentor, note=NOTE)], from_on=TODAY, by=leader) == 1
    assert holder_on(course, TODAY) == next_mentor
    assert holder_on(course, between) == colleague
    assert holder_on(course, again) == next_mentor
    assert HandoverNote.objects.get().holding.from_on == TODAY


def test_the_note_goes_with_the_function(holder, leader, next_mentor, course):
    actions.hand_over(holder, [line(course, next_mentor, note=NOTE)], from_on=TODAY, by=leader)
    note = HandoverNote.objects.get()
    assert (note.holding.user, note.written_by) == (next_mentor, leader)
    assert (note.promises, note.worries, note.next_step) == (
        "Et kørekort",
        "Sover dårligt",
        "Møde hos bageren mandag",
    )


def test_many_functions_cost_as_many_queries_as_two(holder, leader, next_mentor, project):
    courses = [CourseFactory(project_for=project, holders=holder) for _number in range(8)]

    def count_queries(courses):
        lines = [line(course, next_mentor, note=NOTE) for course in courses]
        with CaptureQueriesContext(connection) as queries:
            actions.hand_over(holder, lines, from_on=TODAY, by=leader)
        return len(queries)

    assert count_queries(courses[:2]) == count_queries(courses[2:])
    assert HandoverNote.objects.count() == 8


def test_the_note_of_somebody_replaced_on_the_same_day_gives_way_unread(
    holder, leader, next_mentor, colleague, course
):
    actions.hand_over(holder, [line(course, next_mentor, note=NOTE)], from_on=TODAY, by=leader)
    actions.mark_note_read(HandoverNote.objects.get(), next_mentor)
    second = actions.NoteText(promises="Et cykelkursus")
    actions.hand_over(next_mentor, [line(course, colleague, note=second)], from_on=TODAY, by=holder)
    note = HandoverNote.objects.get()
    assert (note.holding.user, note.written_by, note.read_at, note.read_by) == (colleague, holder, None, None)
    assert (note.promises, note.worries, note.next_step, note.version) == ("Et cykelkursus", "", "", 3)


def test_the_note_is_unread_for_somebody_else_who_takes_the_function_the_same_day(
    holder, leader, next_mentor, colleague, course
):
    actions.hand_over(holder, [line(course, next_mentor, note=NOTE)], from_on=TODAY, by=leader)
    actions.mark_note_read(HandoverNote.objects.get(), next_mentor)
    actions.hand_over(next_mentor, [line(course, colleague)], from_on=TODAY, by=leader)
    note = HandoverNote.objects.get()
    assert (note.promises, note.read_at, note.read_by) == (NOTE.promises, None, None)


# The page


@pytest.fixture
def page_url(holder, wednesday):
    return reverse("cases:hand_over", args=[holder.public_id])


def key(course, function="mentor"):
    return f"to-{course.public_id}-{function}"


def test_the_page_lists_every_function_and_the_access_is_logged(as_user, leader, course, page_url):
    page = as_user(leader).get(page_url).content.decode()
    for function in CourseFunction:
        assert f"Testborger Ågesen, {function.label}" in page
    record = AccessRecord.objects.get(action="hand_over")
    assert record.citizens == [course.citizen.public_id]


def test_all_to_one_with_an_exception_for_a_row(
    as_user, leader, holder, next_mentor, colleague, course, project, page_url
):
    second = CourseFactory(project_for=project, holders=holder)
    data = {
        "from_on": str(TODAY),
        "to_all": str(colleague.public_id),
        key(course): str(next_mentor.public_id),
        key(second): "stays",
        "without_note_7": "on",
    }
    answer = as_user(leader).post(page_url, data)
    assert answer.status_code == 302
    assert holder_on(course, TODAY) == next_mentor
    assert holder_on(second, TODAY) == holder
    assert holder_on(second, TODAY, "course_owner") == colleague


def test_rows_without_a_note_are_named_until_confirmed(
    as_user, leader, holder, next_mentor, course, page_url
):
    client = as_user(leader)
    data = {"from_on": str(TODAY), key(course): str(next_mentor.public_id)}
    page = client.post(page_url, data).content.decode()
    assert "Overdragelsesnotatet mangler: Testborger Ågesen, Mentor" in page
    assert "Ja, 1 funktion overdrages uden notat" in page
    assert holder_on(course, TODAY) == holder
    with_note = {**data, f"next_step-{key(course)}": "Ring mandag"}
    assert client.post(page_url, with_note).status_code == 302
    assert HandoverNote.objects.get().next_step == "Ring mandag"


def test_an_error_stands_beside_its_row_and_nothing_is_lost(
    as_user, leader, holder, next_mentor, course, page_url
):
    data = {
        "from_on": str(TODAY),
        "to_all": str(next_mentor.public_id),
        f"promises-{key(course)}": "Et kørekort",
        "without_note_3": "on",
    }
    page = as_user(leader).post(page_url, data).content.decode()
    assert f"id_{key(course, 'job_consultant')}_error" in page
    assert f"id_{key(course)}_error" not in page
    assert "Et kørekort" in page
    assert holder_on(course, TODAY) == holder


def test_nothing_chosen_is_refused(as_user, leader, course, page_url):
    page = as_user(leader).post(page_url, {"from_on": str(TODAY)}).content.decode()
    assert "id_to_all_error" in page


def test_only_courses_of_the_leaders_projects_stand_there(as_user, leader, holder, course, page_url):
    elsewhere = CourseFactory(holders=holder, referral__name="Fremmed Borger")
    page = as_user(leader).get(page_url).content.decode()
    assert "Testborger Ågesen" in page
    assert "Fremmed Borger" not in page
    data = {"from_on": str(TODAY), key(elsewhere): str(holder.public_id)}
    as_user(leader).post(page_url, data)
    assert holder_on(elsewhere, TODAY) == holder


def test_the_page_keeps_to_its_queries(
    as_user, leader, holder, project, page_url, django_assert_max_num_queries
):
    for _number in range(12):
        CourseFactory(project_for=project, holders=holder)
    client = as_user(leader)
    with django_assert_max_num_queries(10):
        client.get(page_url)


def test_a_vacant_function_is_given_back_by_the_leader(as_user, leader, holder, course, page_url):
    FunctionHolding.objects.filter(function="mentor").update(until_on=TODAY - DAY)
    client = as_user(leader)
    assert "1 funktion står ubesat" in client.get(page_url).content.decode()
    client.post(reverse("cases:give_back", args=[holder.public_id]))
    assert holder_on(course, TODAY) == holder
    assert Reminder.objects.get(kind="course_taken_over").recipient == holder


# The note on the course page


@pytest.fixture
def noted(holder, leader, next_mentor, course, wednesday):
    """The course, whose mentor took over last week with a note."""
    actions.hand_over(holder, [line(course, next_mentor, note=NOTE)], from_on=TODAY - 7 * DAY, by=leader)
    return course


def course_page(client, course):
    return client.get(reverse("cases:course", args=[course.public_id])).content.decode()


NOTE_HEADING = "Overdragelsesnotat: Mentor"


def test_the_note_stands_first_for_the_new_holder_until_read(as_user, next_mentor, holder, noted):
    client = as_user(next_mentor)
    page = course_page(client, noted)
    assert NOTE_HEADING in page
    assert "Møde hos bageren mandag" in page
    client.post(reverse("cases:read_handover_note", args=[noted.public_id, "mentor"]))
    assert HandoverNote.objects.get().read_by == next_mentor
    assert NOTE_HEADING not in course_page(client, noted)
    assert NOTE_HEADING not in course_page(as_user(holder), noted), "it is for the new holder"


def test_only_the_holder_it_is_for_marks_the_note_as_read(
    as_user, holder, leader, next_mentor, course, wednesday
):
    actions.hand_over(holder, [line(course, next_mentor, note=NOTE)], from_on=TODAY + 7 * DAY, by=leader)
    url = reverse("cases:read_handover_note", args=[course.public_id, "mentor"])
    assert as_user(holder).post(url).status_code == 403
    assert HandoverNote.objects.get().read_by is None


@pytest.mark.parametrize(("days", "stands_first"), [(30, True), (31, False)])
def test_the_note_stands_first_for_the_days_of_the_terms(
    as_user, holder, leader, next_mentor, course, wednesday, days, stands_first
):
    course.started_on = TODAY - 90 * DAY
    course.save()
    actions.hand_over(holder, [line(course, next_mentor, note=NOTE)], from_on=TODAY - days * DAY, by=leader)
    assert (NOTE_HEADING in course_page(as_user(next_mentor), course)) is stands_first


def test_a_note_is_changed_and_unread_again_and_a_stale_save_shows_both(as_user, leader, next_mentor, noted):
    actions.mark_note_read(HandoverNote.objects.get(), next_mentor)
    url = reverse("cases:handover_note", args=[noted.public_id, "mentor"])
    data = {"promises": "Et kørekort", "worries": "", "next_step": "Tirsdag", "version": 2}
    assert as_user(leader).post(url, data).status_code == 302
    note = HandoverNote.objects.get()
    assert (note.next_step, note.read_at, note.read_by) == ("Tirsdag", None, None)
    assert as_user(leader).post(url, data).status_code == 409


def test_a_function_replaced_without_a_note_names_it_and_it_is_written_later(
    as_user, leader, next_mentor, course, wednesday
):
    client = as_user(leader)
    data = {"user": next_mentor.pk, "from_on": str(wednesday)}
    url = reverse("cases:assign", args=[course.public_id, "mentor"])
    page = client.post(url, data, follow=True).content.decode()
    assert "Overdragelsesnotatet mangler" in page
    assert "Overdragelsesnotat mangler" in page
    note_url = reverse("cases:handover_note", args=[course.public_id, "mentor"])
    assert note_url in page
    assert client.post(note_url, {"version": 0}).status_code == 200, "nothing is written"
    assert client.post(note_url, {"version": 0, "worries": "Økonomien"}).status_code == 302
    assert "Overdragelsesnotat mangler" not in course_page(client, course)


def test_a_function_is_replaced_with_a_note(as_user, leader, next_mentor, course, wednesday):
    data = {"user": next_mentor.pk, "from_on": str(wednesday), "promises": "Et kørekort"}
    as_user(leader).post(reverse("cases:assign", args=[course.public_id, "mentor"]), data)
    assert HandoverNote.objects.get().holding.user == next_mentor


def test_the_page_of_a_course_with_notes_keeps_to_its_queries(
    as_user, leader, holder, colleague, course, wednesday, django_assert_max_num_queries
):
    lines = [line(course, colleague, function, NOTE) for function in CourseFunction.values]
    actions.hand_over(holder, lines, from_on=TODAY, by=leader)
    client = as_user(colleague)
    with django_assert_max_num_queries(12):
        assert course_page(client, course).count("Jeg har læst det") == 4


# The leader's list of people


def test_the_leader_sees_who_holds_how_many_and_who_is_away(
    as_user, leader, holder, colleague, stranger, course, project, wednesday, django_assert_max_num_queries
):
    holder.absences.create(project=project, stand_in=colleague, first_on=TODAY, last_on=TODAY)
    client = as_user(leader)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("cases:people")).content.decode()
    assert "Mentor: 1 forløb" in page
    assert "Mentor: 0 forløb" in page
    assert "18.05.2016–18.05.2016, vikar: Kim Kollega" in page
    assert "Finn Fremmed" not in page
    assert reverse("cases:hand_over", args=[holder.public_id]) in page
