"""A hand-over beside another one, and beside the morning's round."""

import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.roles import Role
from cases import actions
from cases.actions import handover
from cases.models import CourseFunction
from reminders import actions as reminder_actions
from reminders import deadlines
from reminders.models import DigestItem
from tests.cases.handover.lines import TODAY, holder_on, line
from tests.concurrency import run_at_once
from tests.factories import CourseFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_hand_overs_at_once_one_holds_and_the_other_is_refused():
    project = ProjectFactory()
    holder = UserFactory(project=project, roles=CourseFunction.values)
    successors = [UserFactory(project=project, roles=[Role.MENTOR]) for _number in range(2)]
    courses = [CourseFactory(project_for=project, holders=holder) for _number in range(5)]

    def hand_all_to(user):
        lines = [line(course, user) for course in courses]
        return actions.hand_over(holder, lines, from_on=TODAY, by=holder)

    outcomes = run_at_once([lambda user=user: hand_all_to(user) for user in successors])
    assert {type(outcome) for outcome in outcomes} == {int, ValidationError}
    (winner,) = [user for user, outcome in zip(successors, outcomes, strict=True) if outcome == 5]
    assert {holder_on(course, TODAY) for course in courses} == {winner}


@pytest.mark.parametrize("first", ["round", "hand_over"])
def test_a_hand_over_during_the_mornings_round_waits_or_is_waited_for(monkeypatch, first):
    """Whoever comes second begins while the first is in the middle; the deadlines' lock makes it wait."""
    project = ProjectFactory()
    holder = UserFactory(project=project, roles=CourseFunction.values)
    successor = UserFactory(project=project, roles=[Role.MENTOR, Role.COURSE_OWNER])
    courses = [CourseFactory(project_for=project, holders=holder) for _number in range(3)]
    deadlines.recompute()
    lines = [
        line(course, successor, function) for course in courses for function in ("mentor", "course_owner")
    ]
    in_the_middle = threading.Event()
    module, name = {
        "round": (reminder_actions, "_store_reminders_and_digests"),
        "hand_over": (handover, "_store_notes"),
    }[first]
    step = getattr(module, name)

    def slow_step(*args):
        in_the_middle.set()
        time.sleep(0.5)
        return step(*args)

    monkeypatch.setattr(module, name, slow_step)

    def make_digests():
        if first != "round":
            assert in_the_middle.wait(20)
        reminder_actions.make_digests(TODAY)

    def hand_over():
        if first != "hand_over":
            assert in_the_middle.wait(20)
        actions.hand_over(holder, lines, from_on=TODAY, by=holder)

    outcomes = run_at_once([make_digests, hand_over])
    assert outcomes == [None, None]
    items = DigestItem.objects.filter(reminder__kind="weekly_contact_overdue")
    recipients = list(items.values_list("digest__recipient", flat=True))
    assert recipients == [holder.pk if first == "round" else successor.pk] * 3
    with transaction.atomic():
        assert [str(difference.key) for difference in deadlines.differences()] == []
