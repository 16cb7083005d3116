"""The wall of the database hides nothing that a page shows (docs/decisions/2026-11-27-row-level-security.md).

Each page is fetched twice, as its person with the wall and as the same person for whom the database shows
all projects. The second wall stands behind the first one: where the first lets a row through that the second
hides, or where a question that must look across projects does not say so, the two answers differ.
"""

import re

import pytest
from django.core.cache import cache

from accounts.roles import Role
from jobfirst.row_security.context import all_projects
from tests.access.addresses import SIGNED_IN
from tests.access.requests import MOMENT_OF_THE_LOG, expected_answer, send_request
from tests.access.table import TABLE

#: What differs from one answer to the next: tokens of forms, moments of the log, ids in files.
PASSING = re.compile(
    rb'(name="csrfmiddlewaretoken" value|name="submission" value|"X-CSRFToken"|nonce)[=:] ?"[^"]*"'
    rb"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|" + MOMENT_OF_THE_LOG.encode()
)
PAGES = [address for address in TABLE if "GET" in address.roles_by_method and not address.is_public]

pytestmark = pytest.mark.usefixtures("quick_pdfs")


def content_of(answer) -> bytes:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for file in answer._resource_closers if answer.streaming else ():
        file()  # not `close`, which ends the request, and with it the test's connection
    if answer["Content-Type"].startswith(("text/", "application/json")):
        return PASSING.sub(b"", content)
    return b"a file"


def some_readers(address) -> list[tuple[str, str]]:
    """Return the leader, the administrator and two others who read the page, of their own and of others'.

    To the agency the database shows all projects anyway.
    """
    readers = [
        (role, relation)
        for relation in (("own", "other") if address.kinds else ("own",))
        for role in SIGNED_IN
        if role != Role.AGENCY and expected_answer(address, "GET", role, relation) == "let in"
    ]
    heads = [reader for reader in readers if reader[0] in (Role.PROJECT_LEADER, Role.ADMINISTRATOR)]
    return [*heads, *[reader for reader in readers if reader not in heads][:2]]


@pytest.mark.parametrize("address", PAGES, ids=str)
def test_a_page_is_the_same_with_the_wall(two_projects, address, monkeypatch):
    differences = []
    for role, relation in some_readers(address):
        answers = []
        for wall in (True, False):
            cache.clear()
            with monkeypatch.context() as patch:
                if not wall:
                    everything = lambda user: all_projects("a test")  # noqa: E731
                    patch.setattr("accounts.middleware.projects_worked_on", everything)
                answer = send_request(two_projects, address, "GET", two_projects.clients[role], relation)
            answers.append((answer.status_code, content_of(answer)))
        if answers[0] != answers[1]:
            differences.append(f"{role}, {relation}: {answers[0][0]} and {answers[1][0]}")
            print(*answers, sep="\n=====\n")
    assert differences == []
