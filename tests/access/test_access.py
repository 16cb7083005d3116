"""The table of tests/access/table.py, tried cell by cell."""

import copy
import re

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, get_resolver, resolve, reverse

from accounts.roles import Role
from tests.access.addresses import KINDS, METHODS, RELATIONS, ROLES, SIGNED_IN
from tests.access.table import TABLE
from tests.loops import some

LET_IN = {200, 302, 303, 400, 409, 422}
SIGN_IN = reverse("account_login")


def url_names(patterns=None, namespace=""):
    """Yield every URL name of the site."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else f"unnamed: {pattern.pattern}"
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from url_names(pattern.url_patterns, inner)


def test_every_address_is_declared_once_and_none_that_is_not_there():
    declared = [address.name for address in TABLE]
    assert sorted(set(url_names()) - set(declared)) == [], "declare these in tests/access/table.py"
    assert sorted(set(declared) - set(url_names())) == [], "these are declared, but there is no such address"
    assert len(declared) == len(set(declared))


SAMPLES = {
    "uuid": "6d55c71e-c29f-469c-b77b-cb76f5fc7dcf",
    "int": "1",
    "slug": "a-slug",
    "str": "a-string",
    "statement_format": "csv",
}


def routes(patterns=None, prefix="", namespace=""):
    """Yield the route and the name of every URL of the site that has no regular expression."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, route, inner)
        elif "?P<" not in route:
            yield route, f"{namespace}{pattern.name}"


@pytest.mark.parametrize(("route", "name"), list(routes()))
def test_no_address_hides_another(route, name):
    path = re.sub(r"<(\w+):\w+>", lambda match: SAMPLES[match[1]], route)
    assert resolve(f"/{path}").view_name == name


def test_every_role_is_tried():
    assert set(SIGNED_IN) == set(Role.values)


def expected_answer(address, method, role, relation):
    """Return what the table says: a status, "let in", "sign in" or "no such method"."""
    if method not in address.roles_by_method:
        return "no such method"
    if (method, role, relation) in address.but:
        return address.but[method, role, relation]
    if address.is_public:
        return "let in"
    if role == "anonymous":
        return "sign in"
    if not address.kinds:
        return "let in" if role in address.roles_by_method[method] else 403
    if address.permission_first and role not in address.roles_by_method[method]:
        return 403
    if role not in KINDS[address.kinds[0]].get(relation, ()):
        return 404
    return "let in" if role in address.roles_by_method[method] else 403


def describe_answer(answer):
    """Return the answer's status in the words of `expected_answer`."""
    if answer.status_code == 302 and answer.url.partition("?")[0] == SIGN_IN:
        return "sign in"
    return "let in" if answer.status_code in LET_IN else answer.status_code


def is_as_declared(answer, expected, address):
    if expected == "no such method":
        # A request that would be refused anyway may be refused first.
        return answer == 405 or (answer in {"sign in", 403, 404} and not address.is_public)
    # Signing out and the like redirect to the sign-in page, too.
    return answer == expected or (address.is_public and expected == "let in" and answer == "sign in")


def send_request(two_projects, address, method, role, relation):
    """Send the request, roll back what it did, and return the answer."""
    parts = [*(two_projects.ids[kind][relation] for kind in address.kinds), *address.args]
    client = two_projects.clients[role]
    cookies = copy.deepcopy(client.cookies)
    try:
        with transaction.atomic():
            answer = client.generic(method, reverse(address.name, args=parts))
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return answer


@pytest.fixture(autouse=True)
def quick_pdfs(monkeypatch):
    """Replace the slow drawing of PDFs: these tests are about access only."""
    monkeypatch.setattr("weasyprint.HTML.write_pdf", lambda *args, **kwargs: b"%PDF-1.7")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", TABLE, ids=str)
def test_the_table_holds(two_projects, address, method):
    differences = []
    # A method that is not offered is refused for every relation alike.
    relations = address.relations if method in address.roles_by_method else ("own",)
    for role in ROLES:
        cache.clear()  # so that many requests in a second are no attack
        answers = {
            relation: send_request(two_projects, address, method, role, relation) for relation in relations
        }
        for relation, answer in answers.items():
            expected, status = expected_answer(address, method, role, relation), describe_answer(answer)
            request = f"{method} {address} as {role}, {relation}"
            if not is_as_declared(status, expected, address):
                differences.append(f"{request}: {status}, not {expected}")
            if expected == 404 and address.kinds and answer.content != answers["nonexistent"].content:
                differences.append(f"{request}: differs from nonexistent")
            if status in {404, 403} and address.kinds and answer.cookies:
                differences.append(f"{request}: a refusal sets a cookie")
    assert differences == [], "\n".join(differences)


def test_there_is_one_of_each_kind_and_relation(two_projects):
    assert set(two_projects.ids) == set(KINDS)
    for kind, ids in some(two_projects.ids.items()):
        assert set(ids) == set(RELATIONS), kind
        # A project of one's own and one's own project are the same.
        assert len(set(ids.values())) >= len(RELATIONS) - (kind == "project"), kind
