"""Which steps with a statement are open to whom (D30)."""

import pytest

from accounts.models import Membership, User
from accounts.roles import Role
from grants import policy
from tests.factories import UserFactory
from tests.grants.factories import StatementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement():
    return StatementFactory(state="submitted")


@pytest.fixture
def agency():
    return UserFactory(roles=[Role.AGENCY])


def test_the_agency_checks_and_sends_back_what_was_submitted(statement, agency):
    steps = policy.next_steps(agency, statement)
    assert (steps.check, steps.send_back, steps.approve, steps.pay) == (True, True, False, False)


@pytest.mark.parametrize("state", ["submitted", "checked", "approved"])
def test_whoever_has_a_role_in_the_project_only_sends_back(agency, state):
    statement = StatementFactory(state=state)
    Membership.objects.create(user=agency, project=statement.project, role=Role.MENTOR)
    steps = policy.next_steps(User.objects.get(pk=agency.pk), statement)
    assert (steps.check, steps.approve, steps.pay, steps.inside) == (False, False, False, True)
    assert steps.send_back is (state != "approved")


def test_whoever_checked_does_not_approve():
    statement = StatementFactory(state="checked")
    checker = statement.checked_by
    Membership.objects.get_or_create(user=checker, project=None, role=Role.AGENCY)
    steps = policy.next_steps(User.objects.get(pk=checker.pk), statement)
    assert (steps.approve, steps.other_hands) == (False, True)


def test_nobody_outside_the_agency_takes_a_step(statement):
    leader = UserFactory(project=statement.project, roles=[Role.PROJECT_LEADER])
    assert policy.next_steps(leader, statement) == policy.NextSteps()
