"""Every form that carries a version answers a stale one with a conflict, and never saves over it (D41)."""

import copy

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from tests.access.addresses import SIGNED_IN
from tests.access.requests import expected_answer
from tests.access.table import TABLE
from tests.fuzz.pages import PLAUSIBLE, read_page

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
    """Return what is sent from the page's form with a version; None without one."""
    response = client.get(url)
    if response.status_code != 200 or response.streaming or "html" not in response["Content-Type"]:
        return None
    for form in read_page(response.content.decode()).forms:
        if form.method == "POST" and any(field.name == "version" for field in form.fields):
            return {**answer_with(form.fields), "version": STALE}, form.action or url
    return None


def stale_answers(two_projects, address):
    for role in SIGNED_IN:
        if expected_answer(address, "GET", role, "own") != "let in":
            continue
        if expected_answer(address, "POST", role, "own") != "let in":
            continue
        url = reverse(
            address.name, args=[*(two_projects.ids[kind]["own"] for kind in address.kinds), *address.args]
        )
        client = two_projects.clients[role]
        cookies = copy.deepcopy(client.cookies)
        cache.clear()
        with transaction.atomic():
            form = versioned_form(client, url)
            answer = None if form is None else client.post(form[1], form[0])
            transaction.set_rollback(True)
        client.cookies = cookies
        if answer is not None:
            yield role, answer
            return


def test_explore(two_projects):
    for address in TABLE:
        if address.is_public or "POST" not in address.roles_by_method:
            continue
        for role, answer in stale_answers(two_projects, address):
            if answer.status_code != 409:
                context = answer.context or {}
                form = context.get("form") if answer.status_code == 200 else None
                print(
                    "STALE",
                    address.name,
                    role,
                    answer.status_code,
                    getattr(answer, "url", ""),
                    dict(form.errors) if form is not None else "",
                )
            else:
                print("ok", address.name)
