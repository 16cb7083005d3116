"""Every form of the site that carries a version answers a stale one with a conflict (D41)."""

import copy
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from tests.access.addresses import SIGNED_IN
from tests.access.requests import expected_answer
from tests.access.table import TABLE
from tests.fuzz.pages import PLAUSIBLE, read_page
from tests.loops import some

pytestmark = pytest.mark.usefixtures("quick_pdfs")

#: A version that no row here has.
STALE = "7777"


def answer_with(fields):
    """Return what a person who fills in all of a form sends."""
    data = {}
    for field in fields:
        if field.sort in {"checkbox", "radio"}:
            if field.is_checked or field.sort == "radio":
                data.setdefault(field.name, field.value)
        elif field.sort == "select":
            data[field.name] = field.value or next((option for option in field.options if option), "")
        elif field.sort not in {"submit", "button", "file"}:
            data[field.name] = field.value.strip() or PLAUSIBLE.get(field.sort, "Tekst")
    return data


def versioned_form(client, url):
    """Return what is sent from the page's form with a version, and where to; None without one."""
    response = client.get(url)
    if response.status_code != 200 or response.streaming or "html" not in response["Content-Type"]:
        return None
    for form in read_page(response.content.decode()).forms:
        if form.method == "POST" and any(field.name == "version" for field in form.fields):
            return {**answer_with(form.fields), "version": STALE}, form.action or url
    return None


#: Forms that are filled in here so that they are answered before the version is looked at, each with why.
ANSWERED_BEFORE = {
    # They make a row, and have the version from the form that corrects it.
    "companies:new_contact",
    "companies:new_note",
    "companies:new_call",
    "companies:new_opening",
    "companies:new_workplace",
    "plans:new_activity",
    # There is nothing here yet that could have changed.
    "cases:handover_note",
    "cases:reopen_promise",
    "evaluation:target_groups",
    "plans:record_word",
    # What is filled in is refused or warned of first; tests of their own have the stale form.
    "cases:change_cv_entry",
    "cases:limit_accommodation",
    "cases:replace_number",
    "companies:agreement",
    "companies:correct_company",
    "companies:correct_placement",
    "evaluation:reopen_decision",
    "evaluation:withdraw_decision",
    "grants:new_terms",
}


def answer_to_a_stale_form(two_projects, address):
    """Return the answer to the page's form with a stale version, by the first role that may send it."""
    roles = [
        role
        for role in SIGNED_IN
        if {expected_answer(address, method, role, "own") for method in ("GET", "POST")} == {"let in"}
    ]
    if not roles:
        return None
    parts = [*(two_projects.ids[kind]["own"] for kind in address.kinds), *address.args]
    url, client = reverse(address.name, args=parts), two_projects.clients[roles[0]]
    cookies = copy.deepcopy(client.cookies)
    cache.clear()
    with transaction.atomic():
        form = versioned_form(client, url)
        answer = None if form is None else client.post(form[1], form[0])
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


@pytest.mark.long
def test_a_stale_form_is_a_conflict(two_projects):
    addresses = [row for row in TABLE if "POST" in row.roles_by_method and not row.is_public]
    answers = {
        address.name: answer.status_code
        for address in some(addresses)
        if (answer := answer_to_a_stale_form(two_projects, address)) is not None
    }
    saved = {name: status for name, status in answers.items() if status != HTTPStatus.CONFLICT}
    assert saved.keys() - ANSWERED_BEFORE == set(), saved
    assert ANSWERED_BEFORE - saved.keys() == set()
    assert len(answers) - len(saved) > 40
