"""Removing a role ends the functions held in it, and the access to the citizens."""

import io
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.exchange import USER_COLUMNS, import_users
from accounts.people.actions import deactivate_user, give_role, reactivate_user, take_role
from accounts.roles import Role
from cases.actions import NoteText, assign_function, open_colleagues_course
from cases.actions.handover_notes import write_note
from cases.models import Course, CourseFunction, FunctionHolding, HandoverNote
from jobfirst import clock
from jobfirst.exchange import read_table
from reminders import recipients
from tests.factories import CourseFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def course(today):
    return CourseFactory(started_on=today - timedelta(days=30))


@pytest.fixture
def mentor(course):
    """A mentor of the course who also works in another project."""
    user = UserFactory(project=course.project, roles=[Role.MENTOR])
    give_role(user, Role.MENTOR, CourseFactory().project)
    FunctionHolding.objects.create(
        course=course, function=CourseFunction.MENTOR, user=user, from_on=course.started_on
    )
    return user


def reloaded(user):
    return type(user).objects.get(pk=user.pk)


def role_in(user, project):
    return user.memberships.get(project=project)


def test_a_role_that_is_taken_ends_its_functions_and_closes_the_course(course, mentor, today, client):
    client.force_login(reloaded(mentor))
    assert client.get(reverse("cases:course", args=[course.public_id])).status_code == 200
    take_role(role_in(mentor, course.project), today)
    holding = course.holdings.get(user=mentor)
    assert holding.until_on == today - timedelta(days=1)
    client.force_login(reloaded(mentor))
    assert client.get(reverse("cases:course", args=[course.public_id])).status_code == 404


def test_the_leader_hears_of_it_at_once(course, mentor, today):
    leader = UserFactory(project=course.project, roles=[Role.PROJECT_LEADER])
    for function in set(CourseFunction.values) - {CourseFunction.MENTOR}:
        user = UserFactory(project=course.project, roles=[function])
        FunctionHolding.objects.create(course=course, function=function, user=user, from_on=course.started_on)
    take_role(role_in(mentor, course.project), today)
    tellings = recipients.tellings(today, recipient_id=leader.pk)
    assert [telling.kind for telling in tellings].count("function_unfilled") == 1


def test_the_leader_hears_of_what_an_import_of_users_leaves_vacant(course, mentor, today):
    leader = UserFactory(project=course.project, roles=[Role.PROJECT_LEADER])
    for function in set(CourseFunction.values) - {CourseFunction.MENTOR}:
        user = UserFactory(project=course.project, roles=[function])
        FunctionHolding.objects.create(course=course, function=function, user=user, from_on=course.started_on)
    line = f"{mentor.email};{mentor.name};{course.project.slug};job_consultant"
    text = "\n".join([";".join(USER_COLUMNS), line])
    with closing(read_table(io.BytesIO(text.encode()), USER_COLUMNS)) as table:
        import_users(table, today)
    assert course.holdings.get(user=mentor).until_on == today - timedelta(days=1)
    tellings = recipients.tellings(today, recipient_id=leader.pk)
    assert [telling.subject for telling in tellings if telling.kind == "function_unfilled"] == [
        str(course.public_id)
    ]


def test_many_courses_cost_as_many_queries_as_two(mentor, today):
    projects = [CourseFactory().project for _number in range(2)]
    for project, number in zip(projects, (2, 6), strict=True):
        give_role(mentor, Role.MENTOR, project)
        for _number in range(number):
            FunctionHolding.objects.create(
                course=CourseFactory(project_for=project, started_on=today - timedelta(days=30)),
                function=CourseFunction.MENTOR,
                user=mentor,
                from_on=today - timedelta(days=9),
            )

    def count_queries(project):
        with CaptureQueriesContext(connection) as queries:
            take_role(role_in(mentor, project), today)
        return len(queries)

    assert count_queries(projects[0]) == count_queries(projects[1])


def test_what_was_to_begin_later_is_taken_out_and_other_functions_stay(course, mentor, today):
    give_role(mentor, Role.JOB_CONSULTANT, course.project)
    FunctionHolding.objects.create(
        course=course, function=CourseFunction.JOB_CONSULTANT, user=mentor, from_on=today - timedelta(days=3)
    )
    later_course = CourseFactory(project_for=course.project, started_on=today - timedelta(days=9))
    FunctionHolding.objects.create(
        course=later_course, function=CourseFunction.MENTOR, user=mentor, from_on=today + timedelta(days=1)
    )
    take_role(mentor.memberships.get(project=course.project, role=Role.MENTOR), today)
    assert not later_course.holdings.filter(user=mentor).exists()
    holding = course.holdings.get(user=mentor, function=CourseFunction.JOB_CONSULTANT)
    assert holding.until_on is None


@pytest.mark.parametrize("days", [0, 3])
@pytest.mark.parametrize("has_own", [False, True])
def test_the_note_of_a_holding_that_is_taken_out_stays_with_the_one_before(
    course, mentor, today, days, has_own
):
    successor = UserFactory(project=course.project, roles=[Role.MENTOR])
    earlier = course.holdings.get(user=mentor)
    if has_own:
        write_note(earlier, NoteText(promises="Et kørekort"), by=mentor)
    assign_function(
        course,
        function=CourseFunction.MENTOR,
        user=successor,
        from_on=today + timedelta(days=days),
        note=NoteText("Et cykelkursus", next_step="Møde mandag"),
        by=mentor,
    )
    deactivate_user(successor, today)
    note = HandoverNote.objects.get()
    assert note.holding == earlier
    assert note.promises == ("Et kørekort\n\nEt cykelkursus" if has_own else "Et cykelkursus")
    assert (note.next_step, note.written_by) == ("Møde mandag", mentor)


@pytest.mark.parametrize("loss", ["role", "one_of_two_roles", "account"])
def test_a_course_opened_with_a_reason_closes_when_the_role_is_lost_and_stays_closed(course, today, loss):
    colleague = UserFactory(project=course.project, roles=[Role.MENTOR])
    if loss == "one_of_two_roles":
        give_role(colleague, Role.JOB_CONSULTANT, course.project)
    open_colleagues_course(course, reloaded(colleague), "Vikar i dag")
    assert Course.objects.visible_to(reloaded(colleague)).exists()
    if loss == "account":
        deactivate_user(colleague, today)
        reactivate_user(colleague)
    else:
        take_role(colleague.memberships.get(role=Role.MENTOR), today)
    assert not Course.objects.visible_to(reloaded(colleague)).exists()
    if loss == "role":
        give_role(colleague, Role.MENTOR, course.project)
        assert not Course.objects.visible_to(reloaded(colleague)).exists()
    open_colleagues_course(course, reloaded(colleague), "Vikar i dag")
    assert Course.objects.visible_to(reloaded(colleague)).exists()


def test_a_closed_account_holds_nothing(course, mentor, today):
    deactivate_user(mentor, today)
    assert not Course.objects.held_by(reloaded(mentor)).exists()
    assert course.holdings.get(user=mentor).until_on == today - timedelta(days=1)


def test_a_holding_alone_lets_nobody_in(course, mentor):
    """A race may leave a holding behind."""
    role_in(mentor, course.project).delete()
    assert not Course.objects.visible_to(reloaded(mentor)).exists()
