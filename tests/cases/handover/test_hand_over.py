"""Courses of one person handed over to colleagues: all or none, from one day on, with notes (D8, D57)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from cases import actions
from cases.models import HandoverNote
from jobfirst.values.dates import DAY
from tests.cases.handover.lines import NOTE, TODAY, holder_on, line
from tests.factories import DRAWN_ON, CourseFactory, UserFactory

pytestmark = pytest.mark.django_db


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
