"""Requests to the addresses of the table, rolled back, and what the table says of them."""

import copy

from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit.models import AccessRecord
from tests.access.addresses import KINDS, Address

LET_IN = {200, 302, 303, 400, 409, 422}
SIGN_IN = reverse("account_login")
#: A moment of the log on a page: the clock of the database dates it, which no test stops.
MOMENT_OF_THE_LOG = r"\d\d\.\d\d\.20[2-9]\d kl\. \d\d\.\d\d"


def expected_answer(address: Address, method: str, role: str, relation: str):
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


def send_request(two_projects, address: Address, method: str, client: Client, relation: str, query=""):
    """Send the request, roll back what it did, and return the answer.

    Of an answer with a file, `recorded` holds the actions of the access records that the request made.
    """
    parts = [*(two_projects.ids[kind][relation] for kind in address.kinds), *address.args]
    cookies = copy.deepcopy(client.cookies)
    try:
        with transaction.atomic():
            answer = client.generic(method, reverse(address.name, args=parts) + query)
            if is_attachment(answer):
                records = AccessRecord.objects.filter(pk__gt=two_projects.last_record)
                answer.recorded = list(records.values_list("action", flat=True))
            if answer.streaming:
                answer.getvalue()  # the end of a stream closes its file
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return answer


def is_attachment(answer) -> bool:
    return answer.headers.get("Content-Disposition", "").startswith("attachment")
