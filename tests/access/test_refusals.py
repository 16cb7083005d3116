"""The page of a refusal names who may: the roles that the table of addresses lets in, and no other."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.roles import Role
from cases.policy import PERMISSIONS
from cases.presentation.who_may import on_a_course_with
from tests.access.addresses import METHODS, SIGNED_IN
from tests.access.requests import expected_answer, send_request
from tests.access.table import TABLE
from tests.factories import UserFactory
from tests.loops import some

pytestmark = pytest.mark.usefixtures("quick_pdfs")

#: Whose permission depends on more than role or function: a note for its reader.
NAMES_NOBODY = {"cases:read_handover_note"}


def people_named(page: str) -> set[str]:
    """Return the roles and functions that the page lists as those who may."""
    listed = re.search(r"<ul data-who-may>(.*?)</ul>", page, re.DOTALL)
    return set(re.findall(r"<li>(.*?)</li>", listed[1])) if listed else set()


def refused_requests():
    """Yield an address with a method, and a role and a relation that get 403 there, where there is one."""
    for address in TABLE:
        for method in METHODS:
            refused = (
                (role, relation)
                for role in SIGNED_IN
                for relation in address.relations
                if expected_answer(address, method, role, relation) == 403
            )
            for role, relation in [next(refused, (None, None))]:
                if role is not None:
                    yield address, method, role, relation


def test_every_refusal_names_those_whom_the_table_lets_in(two_projects):
    differences = []
    for address, method, role, relation in some(refused_requests()):
        cache.clear()
        answer = send_request(two_projects, address, method, two_projects.clients[role], relation)
        assert answer.status_code == 403, address
        names = people_named(answer.content.decode())
        allowed = {str(Role(name).label) for name in address.roles_by_method[method]}
        if names != (set() if address.name in NAMES_NOBODY else allowed):
            differences.append(f"{method} {address} as {role}: names {names}, not {allowed}")
    assert differences == [], "\n".join(differences)


def test_a_refusal_on_a_course_says_who_gives_functions(client, two_projects):
    client.force_login(two_projects.users[Role.MENTOR])
    page = client.get(reverse("cases:end", args=[two_projects.ids["course"]["own"]])).content.decode()
    assert people_named(page) == {"Koordinerende sagsbehandler", "Forløbsansvarlig", "Projektleder"}
    assert "Funktioner på et forløb fordeles af: Projektleder, Koordinerende sagsbehandler." in page
    assert "Administrator" not in page


def test_a_refused_page_says_who_gives_roles(client, db):
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    page = client.get(reverse("cases:referrals")).content.decode()
    assert people_named(page) == {"Koordinerende sagsbehandler", "Projektleder"}
    assert "Roller gives af: Administrator." in page
    assert "Funktioner" not in page


@pytest.mark.parametrize("permission", sorted(name for name in PERMISSIONS if "manage" in name))
def test_whoever_may_change_a_course_is_on_it_or_leads_it(permission):
    assert on_a_course_with(permission)
