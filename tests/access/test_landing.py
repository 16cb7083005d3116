"""Each role lands on what it does; with several roles the first wins, and the menu has the rest."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from jobfirst.kit import navigation
from tests.factories import ProjectFactory, UserFactory
from tests.loops import some

pytestmark = pytest.mark.django_db

LANDS_ON = {
    Role.PROJECT_LEADER: "evaluation:dashboard",
    Role.COURSE_OWNER: "cases:my_meetings",
    Role.JOB_CONSULTANT: "companies:my_placements",
    Role.MENTOR: "cases:my_week",
    Role.COORDINATING_CASEWORKER: "cases:referrals",
    Role.AGENCY: "grants:statement",
    Role.ADMINISTRATOR: "user_list",
}


@pytest.mark.parametrize(("role", "page"), LANDS_ON.items())
def test_each_role_lands_on_what_it_does(client, role, page):
    client.force_login(UserFactory(project=ProjectFactory(), roles=[role]))
    answer = client.get(reverse("home"))
    assert answer.url == reverse(page)
    assert client.get(answer.url).status_code == 200


def test_every_role_has_a_page_to_land_on():
    assert set(LANDS_ON) == set(Role)


def test_with_several_roles_the_first_wins_and_the_menu_has_the_rest(client):
    roles = [Role.MENTOR, Role.COURSE_OWNER, Role.COORDINATING_CASEWORKER]
    client.force_login(UserFactory(project=ProjectFactory(), roles=roles))
    page = client.get(reverse("home"), follow=True)
    assert page.request["PATH_INFO"] == reverse("cases:my_meetings")
    menu = {item.url for item in navigation.items_for(page.wsgi_request)}
    assert {reverse(LANDS_ON[role]) for role in roles} <= menu


@pytest.mark.parametrize("role", Role.values)
def test_the_menu_leads_nowhere_that_is_refused(client, role):
    client.force_login(UserFactory(project=ProjectFactory(), roles=[role]))
    page = client.get(reverse("home"), follow=True)
    for item in some(navigation.items_for(page.wsgi_request)):
        assert client.get(item.url).status_code == 200, item.url
