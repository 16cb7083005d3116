"""Users and projects are locked without their keys: rows that refer to them can be written meanwhile."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.absences import actions as absences
from accounts.models import Absence
from accounts.people import actions, addresses, invitations
from accounts.roles import Role
from cases.actions.default_team import set_default_team
from jobfirst.values.dates import DateSpan
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2016, 5, 18)


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def person(project):
    """A mentor who has not signed in yet."""
    user = UserFactory(project=project, roles=[Role.MENTOR])
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture
def colleague(project):
    return UserFactory(project=project, roles=[Role.MENTOR])


def enter_absence(person, project, colleague):
    facts = absences.AbsenceFacts(person, project, colleague, DateSpan(TODAY, TODAY))
    absences.enter_absence(facts, by=person, today=TODAY)


ACTIONS = {
    "invite again": lambda person, project: actions.invite_again(person),
    "send the invitation": lambda person, project: invitations.send_due([person.pk]),
    "accept the invitation": lambda person, project: actions.accept_invitation(person, "correct horse"),
    "give a role": lambda person, project: actions.give_role(person, Role.COURSE_OWNER, project),
    "take a role": lambda person, project: actions.take_role(person.memberships.get(), TODAY),
    "close": lambda person, project: actions.deactivate_user(person, TODAY),
    "open": lambda person, project: actions.reactivate_user(person),
    "returned mail": lambda person, project: addresses.note_returned_mail(
        person, address=person.email, status="5.1.1", at=timezone.now()
    ),
    "confirm the address": lambda person, project: addresses.confirm_address(person),
    "change the address": lambda person, project: addresses.change_address(person, "new@example.invalid"),
    "default team": lambda person, project: set_default_team(project, {}, seen={}),
}


def locking_queries(act) -> list[str]:
    """Return the queries by which the action locks rows of the app's tables."""
    with CaptureQueriesContext(connection) as queries:
        act()
    statements = [query["sql"] for query in queries]
    return [sql for sql in statements if sql.startswith('SELECT "accounts_') and " FOR " in sql]


def assert_without_keys(queries: list[str]) -> None:
    assert queries
    assert [query for query in queries if "FOR NO KEY UPDATE" not in query] == []


@pytest.mark.parametrize("name", ACTIONS)
def test_actions_lock_without_keys(person, project, name):
    assert_without_keys(locking_queries(lambda: ACTIONS[name](person, project)))


def test_the_last_administrator_is_locked_without_key():
    first, _second = (UserFactory(roles=[Role.ADMINISTRATOR]) for _number in range(2))
    queries = locking_queries(lambda: actions.take_role(first.memberships.get(), TODAY))
    assert len(queries) == 1, "all administrators at once"
    assert_without_keys(queries)


def test_absences_lock_without_keys(person, project, colleague):
    assert_without_keys(locking_queries(lambda: enter_absence(person, project, colleague)))
    absence = Absence.objects.get()
    facts = {"stand_in": colleague, "span": absence.span, "today": TODAY}
    assert_without_keys(locking_queries(lambda: absences.correct_absence(absence, version=1, **facts)))
    assert_without_keys(locking_queries(lambda: absences.end_absence(absence, TODAY, version=2)))
