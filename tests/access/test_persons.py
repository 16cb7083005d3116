"""The table of addresses for persons with two roles in two projects, and over time."""

import datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from cases.models import ColleagueOpening, Course, FunctionHolding
from jobfirst import clock
from jobfirst.values.dates import DAY
from tests.access.addresses import Address
from tests.access.persons import OF_A_COURSE, TWO_ROLES, expected_of, is_spoken_for, project_of
from tests.access.requests import describe_answer, expected_answer, send_request
from tests.access.table import TABLE
from tests.factories import UserFactory
from tests.loops import some

pytestmark = pytest.mark.usefixtures("quick_pdfs")

#: The addresses of a course and of what belongs to it.
COURSE_ADDRESSES = [address for address in TABLE if OF_A_COURSE.intersection(address.kinds[:1])]
#: What a colleague who has opened the course with a reason may look at, of all that belongs to it.
READ_WITH_A_REASON = {
    "cases:course",
    "cases:course_progression",
    "cases:course_plan",
    "cases:course_company",
    "cases:course_meetings",
    "cases:course_support",
    "cases:course_history",
    "cases:meeting",
    "cases:start",
    "cases:cv",
    "plans:activity_plan_pdf",
    "plans:activity_plan_calendar",
    "plans:plan_pdf",
    "progression:review",
    "progression:over_time",
    "companies:placement",
    "companies:agreement_page",
    "companies:agreement_pdf",
    "companies:dialogue",
    "companies:suggestions",
}


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answers_to(two_projects, client: Client, address: Address, relation: str = "own"):
    """Yield each method that the address has, and the answer to it in the words of the table."""
    for method in address.roles_by_method:
        cache.clear()  # so that many requests in a second are no attack
        yield method, describe_answer(send_request(two_projects, address, method, client, relation))


@pytest.mark.parametrize("person_in", TWO_ROLES, ids=lambda make: make.__name__)
def test_two_roles_in_two_projects_open_what_each_opens_there(two_projects, person_in):
    person = person_in(two_projects)
    client = browser_of(person.user)
    differences = []
    for address in some(address for address in TABLE if is_spoken_for(person, address)):
        for relation in ("own", "other") if address.kinds else ("own",):
            for method, answer in answers_to(two_projects, client, address, relation):
                expected = expected_of(person, address, method, relation)
                # A page that asks for its permission first says "not found" of what another role sees.
                is_refused = expected == 403 and answer == 404 and address.kinds
                if answer != expected and not is_refused:
                    differences.append(f"{method} {address}, {relation}: {answer}, not {expected}")
    assert differences == [], "\n".join(differences)


def own_course(two_projects) -> Course:
    return Course.objects.get(public_id=two_projects.ids["course"]["own"])


def colleague_in(two_projects) -> User:
    """Return a mentor of the project who holds no function."""
    return UserFactory(project=project_of(two_projects.ids["course"]["own"]), roles=[Role.MENTOR])


def mentor_until_yesterday(two_projects) -> User:
    return _mentor_on(two_projects, {"from_on": clock.today() - 9 * DAY, "until_on": clock.today() - DAY})


def mentor_from_tomorrow(two_projects) -> User:
    return _mentor_on(two_projects, {"from_on": clock.today() + DAY})


def _mentor_on(two_projects, days: dict[str, datetime.date]) -> User:
    course, user = own_course(two_projects), colleague_in(two_projects)
    course.holdings.filter(function="mentor").delete()
    FunctionHolding.objects.create(course=course, function="mentor", user=user, **days)
    return user


def who_opened_it_yesterday(two_projects) -> User:
    return _with_opening(two_projects, ends_at=timezone.now() - datetime.timedelta(minutes=1))


def _with_opening(two_projects, ends_at: datetime.datetime) -> User:
    user = colleague_in(two_projects)
    ColleagueOpening.objects.create(
        course=own_course(two_projects),
        user=user,
        reason="Vikar",
        ends_at=ends_at,
        session_epoch=user.session_epoch,
    )
    return user


def who_lost_the_role_yesterday(two_projects) -> User:
    """Still stands as the holder of a function, as nobody does whom an action has taken the role from."""
    user = two_projects.users[Role.MENTOR]
    Membership.objects.filter(user=user).delete()
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    "person_in",
    [mentor_until_yesterday, mentor_from_tomorrow, who_opened_it_yesterday, who_lost_the_role_yesterday],
    ids=lambda make: make.__name__,
)
def test_on_another_day_a_course_is_as_one_that_does_not_exist(two_projects, person_in):
    client = browser_of(person_in(two_projects))
    opened = [
        f"{method} {address}: {answer}"
        for address in some(COURSE_ADDRESSES)
        for method, answer in answers_to(two_projects, client, address)
        if answer != 404
    ]
    assert opened == [], "\n".join(opened)


def test_who_has_no_role_any_more_is_let_in_nowhere(two_projects):
    client = browser_of(who_lost_the_role_yesterday(two_projects))
    opened = [
        f"{method} {address}: {answer}"
        for address in some(address for address in TABLE if not address.is_public)
        if not address.kinds
        for method, answer in answers_to(two_projects, client, address)
        if answer == "let in" and address.roles_by_method[method] != frozenset(two_projects.users)
    ]
    assert opened == [], "\n".join(opened)


def test_a_reason_opens_a_course_for_reading(two_projects):
    client = browser_of(_with_opening(two_projects, timezone.now() + datetime.timedelta(minutes=9)))
    let_in = {
        (method, address.name)
        for address in some(COURSE_ADDRESSES)
        for method, answer in answers_to(two_projects, client, address)
        if answer == "let in"
    }
    assert let_in == {("GET", name) for name in READ_WITH_A_REASON}


def test_a_closed_account_has_no_session(two_projects):
    client = browser_of(two_projects.users[Role.MENTOR])
    User.objects.filter(pk=two_projects.users[Role.MENTOR].pk).update(is_active=False)
    opened = [
        f"{method} {address}: {answer}"
        for address in some(address for address in TABLE if not address.is_public)
        for method, answer in answers_to(two_projects, client, address)
        if answer != "sign in"
    ]
    assert opened == [], "\n".join(opened)


def test_the_team_reads_a_course_that_ended_yesterday(two_projects):
    Course.objects.filter(pk=own_course(two_projects).pk).update(
        ended_on=clock.today() - DAY, end_reason="moved"
    )
    client = browser_of(two_projects.users[Role.MENTOR])
    differences = []
    for address in some(COURSE_ADDRESSES):
        if "GET" in address.roles_by_method:
            expected = expected_answer(address, "GET", Role.MENTOR, "own")
            answer = describe_answer(send_request(two_projects, address, "GET", client, "own"))
            if answer != expected:
                differences.append(f"{address}: {answer}, not {expected}")
    assert differences == [], "\n".join(differences)
