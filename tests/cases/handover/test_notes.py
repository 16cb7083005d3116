"""The note of a hand-over on the course page, and a note for a function that is replaced there."""

import pytest
from django.urls import reverse

from cases import actions
from cases.models import CourseFunction, HandoverNote
from jobfirst.values.dates import DAY
from tests.cases.handover.lines import NOTE, TODAY, line

pytestmark = pytest.mark.django_db


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
