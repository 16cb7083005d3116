"""People leave while functions are given, handed over or drawn: nobody holds without the role (D8).

Each test holds one action open in its transaction, starts the other one, and commits.
"""

import datetime
import io
import threading
import time
from contextlib import closing

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction

from accounts.exchange import USER_COLUMNS, import_users
from accounts.models import User
from accounts.people.actions import deactivate_user, take_role
from accounts.roles import Role
from cases import actions
from cases.actions.checks import locked_courses
from cases.models import CourseFunction, FunctionHolding
from jobfirst.exchange import read_table
from jobfirst.values.dates import DAY
from randomization.draw.actions import draw_project
from reminders import actions as reminder_actions
from reminders import deadlines
from tests.concurrency import BackgroundAction, is_lock_of_deadlines_free, run_at_once
from tests.factories import DRAWN_ON, CourseFactory, ProjectFactory, UserFactory
from tests.validation import error_codes

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = datetime.date(2016, 5, 18)


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def course(project):
    return CourseFactory(project_for=project)


def mentor_of(project) -> User:
    return UserFactory(project=project, roles=[Role.MENTOR])


def hold(course, user, *, from_on=None, until_on=None) -> FunctionHolding:
    first = from_on or course.started_on
    return course.holdings.create(function="mentor", user=user, from_on=first, until_on=until_on)


def assign(course, user, from_on=TODAY):
    return actions.assign_function(course, function="mentor", user=user, from_on=from_on)


def hand_over(course, person, to):
    line = actions.HandoverLine("line", course, "mentor", to, actions.NoteText())
    return actions.hand_over(person, [line], from_on=TODAY, by=person)


def lose_role(user, **successors):
    take_role(user.memberships.get(role=Role.MENTOR), TODAY, **successors)


def close_account(user, **successors):
    deactivate_user(User.objects.get(pk=user.pk), TODAY, **successors)


def after_commit_of(first, then):
    """Run `then` in a thread while `first` is not committed yet; return what it returned or raised."""
    with transaction.atomic():
        first()
        second = BackgroundAction(then)
        assert second.is_blocked()
    return second.join()


def mentors_on(course, day):
    return list(course.holdings.in_force(day).filter(function="mentor").values_list("user", flat=True))


def test_a_holding_replaced_meanwhile_stays_with_the_new_holder(project, course):
    leaving, new = mentor_of(project), mentor_of(project)
    hold(course, leaving, from_on=TODAY)
    assert after_commit_of(lambda: assign(course, new), lambda: lose_role(leaving)) is None
    assert mentors_on(course, TODAY) == [new.pk]


def test_a_function_given_meanwhile_ends_too(project, course):
    leaving = mentor_of(project)
    assert after_commit_of(lambda: assign(course, leaving), lambda: close_account(leaving)) is None
    assert mentors_on(course, TODAY) == []


def test_a_course_handed_over_meanwhile_does_not_go_to_the_successor(project, course):
    leaving, new, successor = (mentor_of(project) for _ in range(3))
    hold(course, leaving)
    successors = {(project.pk, "mentor"): successor}
    outcome = after_commit_of(
        lambda: hand_over(course, leaving, new), lambda: lose_role(leaving, successors=successors)
    )
    assert outcome is None
    assert mentors_on(course, TODAY) == [new.pk]


def test_a_function_filled_meanwhile_is_not_given_back(project, course):
    returned, new = mentor_of(project), mentor_of(project)
    hold(course, returned, until_on=TODAY - DAY)
    outcome = after_commit_of(lambda: assign(course, new), lambda: actions.give_back_vacant(returned, TODAY))
    assert outcome == 0
    assert mentors_on(course, TODAY) == [new.pk]


def test_nobody_gets_a_function_who_loses_the_role_meanwhile(project, course):
    leaving = mentor_of(project)
    with transaction.atomic():
        lose_role(leaving)
        assignment = BackgroundAction(lambda: assign(course, leaving))
        assert assignment.is_blocked()
    with pytest.raises(ValidationError) as caught:
        raise assignment.join()
    assert error_codes(caught) == {"user": "without_role"}
    assert mentors_on(course, TODAY) == []


def test_nothing_is_handed_over_to_whoever_loses_the_role_meanwhile(project, course):
    holder, leaving = mentor_of(project), mentor_of(project)
    hold(course, holder)
    outcome = after_commit_of(lambda: close_account(leaving), lambda: hand_over(course, holder, leaving))
    assert isinstance(outcome, ValidationError)
    assert mentors_on(course, TODAY) == [holder.pk]


def test_a_successor_who_loses_the_role_meanwhile_is_refused(project, course):
    person, leaving = mentor_of(project), mentor_of(project)
    hold(course, person)
    successors = {(project.pk, "mentor"): leaving}
    outcome = after_commit_of(
        lambda: lose_role(leaving), lambda: close_account(person, successors=successors)
    )
    assert isinstance(outcome, ValidationError)
    assert mentors_on(course, TODAY) == [person.pk]


def test_nothing_is_given_back_to_whoever_loses_the_role_meanwhile(project, course):
    leaving = mentor_of(project)
    hold(course, leaving, until_on=TODAY - DAY)
    outcome = after_commit_of(
        lambda: close_account(leaving), lambda: actions.give_back_vacant(leaving, TODAY)
    )
    assert outcome == 0
    assert mentors_on(course, TODAY) == []


def test_nobody_who_loses_the_role_meanwhile_gets_functions_by_a_draw(aalborg, refer_citizens, demonstration):
    leaving = mentor_of(aalborg)
    aalborg.default_team.create(municipality_id="0851", function="mentor", user=leaving)
    refer_citizens(4)
    outcome = after_commit_of(
        lambda: lose_role(leaving), lambda: draw_project(aalborg, DRAWN_ON, shares=demonstration)
    )
    assert len(outcome.allocations) == 4
    assert not FunctionHolding.objects.filter(user=leaving).exists()


def test_an_import_of_users_locks_all_courses_before_the_deadlines(project):
    """Or it would keep the round from beginning while it waits for the courses of its next line."""
    courses = [CourseFactory(project_for=project) for _number in range(2)]
    people = [mentor_of(project) for _number in range(2)]
    for course, user in zip(courses, people, strict=True):
        hold(course, user)
    rows = [[user.email, user.name, project.slug, "course_owner"] for user in people]
    text = "\n".join(";".join(row) for row in [USER_COLUMNS, *rows])

    def import_them():
        with transaction.atomic(), closing(read_table(io.BytesIO(text.encode()), USER_COLUMNS)) as table:
            return import_users(table, TODAY)

    with transaction.atomic():
        locked_courses([courses[1].pk])
        importing = BackgroundAction(import_them)
        assert importing.is_blocked()
        assert is_lock_of_deadlines_free()
    assert importing.join() == {"created": 0, "updated": 2, "unchanged": 0}
    assert not FunctionHolding.objects.in_force(TODAY).exists()


def test_the_leaving_and_the_successor_are_locked_in_order_of_their_ids(project, course):
    """Whoever waits for the first of them does not hold the second one yet."""
    successor, leaving = sorted([mentor_of(project), mentor_of(project)], key=lambda user: user.pk)
    hold(course, leaving)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=successor.pk)
        departure = BackgroundAction(
            lambda: lose_role(leaving, successors={(project.pk, "mentor"): successor})
        )
        assert departure.is_blocked()
        User.objects.select_for_update(no_key=True, nowait=True).get(pk=leaving.pk)
    assert departure.join() is None
    assert mentors_on(course, TODAY) == [successor.pk]


def test_leaving_during_the_mornings_round_does_not_deadlock(project, monkeypatch):
    """The round stores digests of somebody who is leaving, and has not committed them yet."""
    leaving = UserFactory(project=project, roles=CourseFunction.values)
    for _number in range(3):
        CourseFactory(project_for=project, holders=leaving)
    deadlines.recompute()
    in_the_middle = threading.Event()
    store_digests = reminder_actions._store_reminders_and_digests

    def store_slowly(*args):
        in_the_middle.set()
        time.sleep(0.5)
        return store_digests(*args)

    monkeypatch.setattr(reminder_actions, "_store_reminders_and_digests", store_slowly)

    def leave_in_the_middle():
        assert in_the_middle.wait(20)
        lose_role(leaving)

    outcomes = run_at_once([lambda: reminder_actions.make_digests(TODAY), leave_in_the_middle])
    assert not [outcome for outcome in outcomes if isinstance(outcome, OperationalError)]
    assert outcomes == [None, None]
    with transaction.atomic():
        assert [str(difference.key) for difference in deadlines.differences()] == []


def test_two_administrators_do_not_take_each_others_role():
    first, second = (UserFactory(roles=[Role.ADMINISTRATOR]) for _number in range(2))
    outcome = after_commit_of(
        lambda: take_role(second.memberships.get(), TODAY), lambda: take_role(first.memberships.get(), TODAY)
    )
    assert isinstance(outcome, ValidationError)
    assert first.memberships.exists()
