"""What every answer of every address tells the browser, and that every file that leaves is recorded."""

import copy

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from audit.models import AccessRecord
from audit.usage import ACTIONS, Usage
from jobfirst.edges import HEADERS, NOT_STORED, POLICY_OF_FILES
from tests.access.addresses import METHODS, SIGNED_IN
from tests.access.table import TABLE
from tests.loops import some

pytestmark = pytest.mark.usefixtures("quick_pdfs")

#: Of these the browser may keep an answer: none has anything of a citizen.
MAY_BE_STORED = {"security_txt"}


def send(two_projects, address, role, method, query=""):
    """Send a request about somebody's own thing, and roll back what it did; return the answer, and the
    actions of the access records that it made."""
    client = two_projects.clients[role]
    parts = [*(two_projects.ids[kind]["own"] for kind in address.kinds), *address.args]
    cookies = copy.deepcopy(client.cookies)
    cache.clear()  # so that many requests in a second are no attack
    try:
        with transaction.atomic():
            before = AccessRecord.objects.count()
            answer = client.generic(method, reverse(address.name, args=parts) + query)
            actions = AccessRecord.objects.order_by("pk").values_list("action", flat=True)[before:]
            actions = list(actions)
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return answer, actions


def faults(address, answer):
    """Return what is wrong with the headers of an answer."""
    wrong = [
        f"{name}: {answer.headers.get(name)}"
        for name, value in HEADERS.items()
        if answer.headers.get(name) not in ({value, "no-referrer"} if name == "Referrer-Policy" else {value})
    ]
    caching = answer.headers["Cache-Control"]
    if "no-store" not in caching and address.name not in MAY_BE_STORED:
        wrong.append(f"Cache-Control: {caching}")
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy:
        wrong.append(f"Content-Security-Policy: {policy}")
    if answer.headers.get("Content-Disposition", "").startswith("attachment") and policy != POLICY_OF_FILES:
        wrong.append("a file without the policy of files")
    if "Server" in answer.headers:
        wrong.append("Server")
    return wrong


def roles_to_try(address, method):
    """Somebody who is let in, somebody who may not be, and for GET nobody who is signed in."""
    let_in = sorted(set(address.roles_by_method.get(method, ())) & set(SIGNED_IN))
    others = ["anonymous", "administrator"] if method == "GET" else []
    return list(dict.fromkeys([*(let_in[-1:] or ["mentor"]), *others]))


@pytest.mark.parametrize("address", TABLE, ids=str)
def test_every_answer_has_the_headers_and_every_file_is_recorded(two_projects, address):
    wrong = []
    for method in METHODS:
        for role in some(roles_to_try(address, method)):
            answer, actions = send(two_projects, address, role, method)
            request = f"{method} as {role} ({answer.status_code})"
            wrong += [f"{request}: {fault}" for fault in faults(address, answer)]
            is_file = answer.headers.get("Content-Disposition", "").startswith("attachment")
            if is_file and role != "anonymous" and not set(actions) & set(ACTIONS[Usage.DOWNLOAD]):
                wrong.append(f"{request}: a file that is not recorded: {actions}")
            answer.close()
    assert wrong == [], "\n".join(wrong)


LISTS = [
    address
    for address in TABLE
    if not address.args and not address.is_public and "GET" in address.roles_by_method
]


@pytest.mark.parametrize("address", LISTS, ids=str)
def test_every_list_as_a_file_is_recorded_once(two_projects, address):
    role = roles_to_try(address, "GET")[0]
    answer, actions = send(two_projects, address, role, "GET", "?format=xlsx")
    is_file = answer.headers.get("Content-Disposition", "").startswith("attachment")
    recorded = [action for action in actions if action in ACTIONS[Usage.DOWNLOAD]]
    answer.close()
    assert len(recorded) <= 1
    assert recorded or not is_file
    assert faults(address, answer) == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "OPTIONS", "PROPFIND", "X"])
def test_a_method_that_no_page_has_is_refused_before_anything_reads_it(two_projects, method):
    for role in ("anonymous", "project_leader"):
        answer = two_projects.clients[role].generic(method, "/forloeb/", b"a=1")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")
        assert answer["Cache-Control"] == NOT_STORED
