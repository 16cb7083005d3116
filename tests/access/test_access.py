"""The table of tests/access/table.py, tried cell by cell."""

import re

import pytest
from django.core.cache import cache
from django.urls import URLPattern, get_resolver, resolve

from accounts.roles import Role
from tests.access.addresses import KINDS, METHODS, RELATIONS, ROLES, SIGNED_IN
from tests.access.edges import faults, is_unrecorded_file
from tests.access.requests import describe_answer, expected_answer, send_request
from tests.access.table import TABLE
from tests.loops import some


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


def is_as_declared(answer, expected, address):
    if expected == "no such method":
        # A request that would be refused anyway may be refused first.
        return answer == 405 or (answer in {"sign in", 403, 404} and not address.is_public)
    # Signing out and the like redirect to the sign-in page, too.
    return answer == expected or (address.is_public and expected == "let in" and answer == "sign in")


pytestmark = pytest.mark.usefixtures("quick_pdfs")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", TABLE, ids=str)
def test_the_table_holds(two_projects, address, method):
    differences = []
    # A method that is not offered is refused for every relation alike, and so is who is not signed in.
    every_relation = address.relations if method in address.roles_by_method else ("own",)
    for role in ROLES:
        relations = every_relation[:1] if role == "anonymous" else every_relation
        cache.clear()  # so that many requests in a second are no attack
        answers = {
            relation: send_request(two_projects, address, method, two_projects.clients[role], relation)
            for relation in relations
        }
        for relation, answer in answers.items():
            expected, status = expected_answer(address, method, role, relation), describe_answer(answer)
            request = f"{method} {address} as {role}, {relation}"
            if not is_as_declared(status, expected, address):
                differences.append(f"{request}: {status}, not {expected}")
            if expected == 404 and len(relations) > 1 and answer.content != answers["nonexistent"].content:
                differences.append(f"{request}: differs from nonexistent")
            if status in {404, 403} and address.kinds and answer.cookies:
                differences.append(f"{request}: a refusal sets a cookie")
            differences += [f"{request}: {fault}" for fault in faults(address, answer)]
            if is_unrecorded_file(answer, role):
                differences.append(f"{request}: a file that is not recorded: {answer.recorded}")
    assert differences == [], "\n".join(differences)


def test_there_is_one_of_each_kind_and_relation(two_projects):
    assert set(two_projects.ids) == set(KINDS)
    for kind, ids in some(two_projects.ids.items()):
        assert set(ids) == set(RELATIONS), kind
        # A project of one's own and one's own project are the same.
        assert len(set(ids.values())) >= len(RELATIONS) - (kind == "project"), kind
