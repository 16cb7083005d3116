"""The table of tests/access/table.py, tried cell by cell."""

import copy

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from tests.access.table import KINDS, METHODS, RELATIONS, ROLES, TABLE

LET_IN = {200, 302, 303, 400, 409, 422}
SIGN_IN = reverse("account_login")


def names(patterns=None, namespace=""):
    """Every URL name of the site."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else f"unnamed: {pattern.pattern}"
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names(pattern.url_patterns, inner)


def test_every_address_is_declared_once_and_none_that_is_not_there():
    declared = [address.name for address in TABLE]
    assert sorted(set(names()) - set(declared)) == [], "declare these in tests/access/table.py"
    assert sorted(set(declared) - set(names())) == [], "these are declared, but there is no such address"
    assert len(declared) == len(set(declared))


def expected(address, method, role, relation):
    """What the table says: a status, "let in", "sign in" or "no such method"."""
    if method not in address.who:
        return "no such method"
    if (method, role, relation) in address.but:
        return address.but[method, role, relation]
    if address.is_public:
        return "let in"
    if role == "anonymous":
        return "sign in"
    if not address.kinds:
        return "let in" if role in address.who[method] else 403
    if address.permission_first and role not in address.who[method]:
        return 403
    if role not in KINDS[address.kinds[0]].get(relation, ()):
        return 404
    return "let in" if role in address.who[method] else 403


def found(answer):
    """The answer's status in the table's words."""
    if answer.status_code == 302 and answer.url.partition("?")[0] == SIGN_IN:
        return "sign in"
    return "let in" if answer.status_code in LET_IN else answer.status_code


def agrees(want, got, address, role):
    if want == "no such method":
        # Whoever would be refused anyway may be refused first.
        return got == 405 or (got in {"sign in", 403, 404} and not address.is_public)
    # Signing out and the like end on the sign-in page, too.
    return got == want or (address.is_public and want == "let in" and got == "sign in")


def ask(world, address, method, role, relation):
    """Make the request and undo whatever it did."""
    parts = [*(world.ids[kind][relation] for kind in address.kinds), *address.args]
    client = world.clients[role]
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
    """Who is let in is the question here; what a PDF looks like is asked elsewhere, and takes its time."""
    monkeypatch.setattr("weasyprint.HTML.write_pdf", lambda *args, **kwargs: b"%PDF-1.7")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", TABLE, ids=str)
def test_the_table_holds(world, address, method):
    wrong = []
    # A method that is not offered is refused whatever it is asked of.
    relations = address.relations if method in address.who else ("own",)
    for role in ROLES:
        cache.clear()  # many requests in a second are no attack here
        answers = {relation: ask(world, address, method, role, relation) for relation in relations}
        for relation, answer in answers.items():
            want, got = expected(address, method, role, relation), found(answer)
            if not agrees(want, got, address, role):
                wrong.append(f"{method} {address} as {role}, {relation}: {got}, not {want}")
            if want == 404 and address.kinds and answer.content != answers["nonexistent"].content:
                wrong.append(f"{method} {address} as {role}: {relation} differs from nonexistent")
            if got in {404, 403} and address.kinds and answer.cookies:
                wrong.append(f"{method} {address} as {role}, {relation}: a refusal sets a cookie")
    assert wrong == [], "\n".join(wrong)


def test_the_kinds_are_all_in_the_world(world):
    assert set(world.ids) == set(KINDS)
    for kind, ids in world.ids.items():
        assert set(ids) == set(RELATIONS), kind
        # A project of one's own and one's own project are the same.
        assert len(set(ids.values())) >= len(RELATIONS) - (kind == "project"), kind
