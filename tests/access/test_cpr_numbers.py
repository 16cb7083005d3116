"""Every situation and every line of tests/access/cpr_numbers.py is tried (D39)."""

import copy
import datetime
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import get_commands, load_command_class
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Project, User
from audit.models import AccessRecord
from cases.exchange import REFERRAL_COLUMNS
from cases.models import Course
from tests.access.addresses import STAFF
from tests.access.cpr_numbers import (
    NUMBER,
    NUMBER_INPUTS,
    SITUATIONS,
    STORED_NAME,
    TYPED_NAME,
    Sender,
    arrange,
    csv,
    save_referral,
    upload_referral,
)
from tests.access.requests import MOMENT_OF_THE_LOG
from tests.access.table import TABLE
from tests.loops import some

RANDOM_PARTS = [
    (re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), b"ID"),
    (re.compile(rb'(csrfmiddlewaretoken" value=")\w+'), rb"\1TOKEN"),
    (re.compile(rb"(X-CSRFToken\W+)\w+"), rb"\1TOKEN"),
    (re.compile(rb"""(nonce[-=]["']?)[\w+/=-]+"""), rb"\1NONCE"),
    (re.compile(rb"^(X-Request-ID: )[0-9a-f]{32}$", re.M), rb"\1ID"),
    (re.compile(rb"(search=)[\w-]+(%3D)*"), rb"\1SEALED"),
    (re.compile(MOMENT_OF_THE_LOG.encode()), b"MOMENT"),
]
TAKES_A_NUMBER = re.compile(rb'name="cpr"|\bcpr;')


@pytest.fixture(autouse=True)
def quick_pdfs(monkeypatch):
    """Replace the drawing of PDFs: only their text is compared."""

    def text_of(html, *args, **kwargs) -> bytes:
        return b"%PDF-1.7 " + " ".join(html.etree_element.itertext()).encode()

    monkeypatch.setattr("weasyprint.HTML.write_pdf", text_of)


@pytest.fixture(autouse=True)
def stopped_clock():
    """Stop the clock, since answers are compared to the byte."""
    with time_machine.travel(datetime.datetime.now(datetime.UTC), tick=False):
        yield


@pytest.fixture
def own_project(two_projects) -> Project:
    return Project.objects.get(slug=two_projects.ids["project"]["own"])


@pytest.fixture
def other_project(two_projects) -> Project:
    return Project.objects.get(slug=two_projects.ids["project"]["other"])


@contextmanager
def rolled_back(two_projects) -> Iterator[None]:
    """Roll back what the block stores, and restore the cookies of the browsers."""
    cookies = {role: copy.deepcopy(client.cookies) for role, client in two_projects.clients.items()}
    cache.clear()  # many requests in a second are no attack here
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    for role, client in two_projects.clients.items():
        client.cookies = cookies[role]


def without_random_parts(answer) -> bytes:
    """Return status, headers and content of an answer, or a command's output, without tokens and ids."""
    if isinstance(answer, str):
        text = answer.encode()
    else:
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        headers = "\n".join(f"{name}: {value}" for name, value in sorted(answer.headers.items()))
        text = f"{answer.status_code}\n{headers}\n".encode() + content
    for pattern, word in RANDOM_PARTS:
        text = pattern.sub(word, text)
    return text


@pytest.mark.parametrize("number_input", NUMBER_INPUTS, ids=str)
def test_the_answers_tell_no_more_than_declared(two_projects, own_project, other_project, number_input):
    situations_by_answer = defaultdict(set)
    for situation in SITUATIONS:
        with rolled_back(two_projects):
            arrange(situation, own_project, other_project)
            answers = [
                without_random_parts(answer)
                for answer in number_input.send(Sender(two_projects, own_project))
            ]
        situations_by_answer[b"\n".join(answers)].add(situation)
        assert STORED_NAME.encode() not in b"".join(answers), situation
    assert {frozenset(group) for group in situations_by_answer.values()} == number_input.groups


@pytest.mark.parametrize("refer", [save_referral, upload_referral])
def test_the_projects_pages_afterwards_tell_no_more_either(two_projects, own_project, other_project, refer):
    """Lists, searches, figures and downloads of the referring project, whoever the number belongs to."""
    situations_by_answer = defaultdict(set)
    situations = frozenset(situation for situation in SITUATIONS if not situation.startswith("own"))
    for situation in some(sorted(situations)):
        with rolled_back(two_projects):
            arrange(situation, own_project, other_project)
            refer(Sender(two_projects, own_project))
            pages = [without_random_parts(page) for page in pages_without_a_subject(two_projects)]
        assert STORED_NAME.encode() not in b"".join(pages), situation
        situations_by_answer[b"\n".join(pages)].add(situation)
    not_in_trial = frozenset({"unknown", "other refused"})
    assert {frozenset(group) for group in situations_by_answer.values()} == {
        not_in_trial,
        situations - not_in_trial,
    }


def pages_without_a_subject(two_projects):
    """Every page that names no single thing, of those who see referrals; the list also searched."""
    for role in ("coordinating_caseworker", "project_leader"):
        client = two_projects.clients[role]
        for address in TABLE:
            if not address.kinds and not address.is_public and role in address.roles_by_method.get("GET", ()):
                yield client.get(reverse(address.name, args=address.args))
        for query in (
            {"name": TYPED_NAME},
            {"name": STORED_NAME[:4]},
            {"sort": "citizen"},
            {"state": "refused"},
        ):
            yield client.get(reverse("cases:referrals"), query)


def test_what_another_project_does_changes_nothing_that_this_one_sees(
    two_projects, own_project, other_project
):
    """The other way round: a citizen of `here` is referred other_project, on a page and in a file."""
    course = Course.objects.get(public_id=two_projects.ids["course"]["own"])
    stranger = Client()
    stranger.force_login(User.objects.get(public_id=two_projects.ids["user"]["other"]))
    before = whole_project(two_projects)
    refer_to_other_project(stranger, Sender(two_projects, other_project), course.citizen.cpr)
    after = whole_project(two_projects)
    changed = [request for request, page in before.items() if page != after[request]]
    assert changed == [], "\n".join(changed)
    assert course.referral.name.encode() in b"".join(after.values())
    assert TYPED_NAME.encode() not in b"".join(after.values())


def refer_to_other_project(client, sender, digits) -> None:
    """Check, save and send in, and look at the list afterwards."""
    form, row = sender.referral_form(cpr=digits), sender.referral_row().replace(NUMBER, digits)
    path = reverse("cases:new_referral")
    assert client.post(path, form | {"check": "1"}).status_code == 200
    assert client.post(path, form, follow=True).status_code == 200
    file = SimpleUploadedFile("levering.csv", csv(REFERRAL_COLUMNS, row.replace("2016-04-15", "2016-04-18")))
    assert client.post(reverse("cases:upload_referrals"), {"file": file}).status_code == 200
    assert client.get(reverse("cases:referrals")).content.decode().count(TYPED_NAME) == 2


def whole_project(two_projects) -> dict[str, bytes]:
    """Every page that the people of `here` may open, of no single thing or of one of their own."""
    pages = {}
    with rolled_back(two_projects):
        for role in STAFF:
            for address in TABLE:
                if address.is_public or role not in address.roles_by_method.get("GET", ()):
                    continue
                parts = [*(two_projects.ids[kind]["own"] for kind in address.kinds), *address.args]
                answer = two_projects.clients[role].get(reverse(address.name, args=parts))
                pages[f"{address} as {role}"] = without_random_parts(answer)
    return pages


NAME_SEARCHES = {
    "cases:courses": "project_leader",
    "cases:referrals": "coordinating_caseworker",
    "randomization:drawn": "project_leader",
}


@pytest.mark.parametrize("name", NAME_SEARCHES)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_a_number_typed_as_a_name_is_not_searched_kept_or_shown(two_projects, name, headers, caplog):
    course = Course.objects.get(public_id=two_projects.ids["course"]["own"])
    digits = course.citizen.cpr
    client = two_projects.clients[NAME_SEARCHES[name]]
    for typed in (digits, f"{digits[:6]}-{digits[6:]}", f"Bo {digits[:6]}", "\u0660\u0661"):
        query = {"name": typed, "sort": "-citizen"}
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(reverse(name), query, headers=headers)
        address = answer.headers.get("HX-Redirect") or answer.headers["Location"]
        assert address == reverse(name) + "?sort=-citizen"
        assert not answer.content
        page = client.get(address).content.decode()
        assert "Et navn har ingen cifre." in page
        for text in (page, caplog.text, *(query["sql"] for query in queries)):
            assert digits[:6] not in text
    stored = AccessRecord.objects.values_list("action", "asked_for", "reason")
    assert not [record for record in stored if digits[:6] in "".join(record)]


@pytest.mark.parametrize("name", NAME_SEARCHES)
def test_a_number_typed_as_a_name_stands_in_no_address_of_the_sign_in_page(two_projects, name):
    query = {"name": "010190-1234", "sort": "-citizen"}
    answer = Client().get(reverse(name), query)
    assert answer["Location"] == f"{reverse('account_login')}?next={reverse(name)}%3Fsort%3D-citizen"
    answer = Client().get(reverse(name), {**query, "name": "Bo"})
    assert answer["Location"].endswith("%3Fsort%3D-citizen")


@pytest.mark.parametrize("name", NAME_SEARCHES)
@pytest.mark.parametrize("digit", ["7", "\uff17", "\u0667", "\u00b2"])
def test_no_whole_list_is_downloaded_for_a_name_with_digits(two_projects, name, digit):
    client = two_projects.clients[NAME_SEARCHES[name]]
    answer = client.get(reverse(name), {"name": f"Bo {digit}", "format": "xlsx"})
    assert (answer.status_code, answer.headers.get("Location")) == (302, reverse(name))


def test_every_list_that_is_searched_by_name_is_declared(two_projects):
    """A new list with a name filter comes into NAME_SEARCHES, and so refuses digits."""
    pages_with_name = set()
    for address in TABLE:
        if address.kinds or address.is_public:
            continue
        for role in sorted(address.roles_by_method.get("GET", ()))[:1]:
            with rolled_back(two_projects):
                page = two_projects.clients[role].get(reverse(address.name, args=address.args))
            content = b"" if page.streaming else page.content
            if re.search(rb'<input[^>]*name="name"[^>]*pattern="\[\^0-9\]\*"', content):
                pages_with_name.add(address.name)
    assert pages_with_name == set(NAME_SEARCHES)


def test_every_page_that_takes_a_number_is_declared(two_projects):
    pages_with_number = set()
    for address in TABLE:
        for role in sorted(address.roles_by_method.get("GET", ()))[:1]:
            with rolled_back(two_projects):
                parts = [*(two_projects.ids[kind]["own"] for kind in address.kinds), *address.args]
                if TAKES_A_NUMBER.search(
                    without_random_parts(two_projects.clients[role].get(reverse(address.name, args=parts)))
                ):
                    pages_with_number.add(address.name)
    assert pages_with_number == {entry.name for entry in NUMBER_INPUTS if ":" in entry.name}


def test_every_command_that_takes_a_number_is_declared():
    commands = {name: load_command_class(app, name) for name, app in get_commands().items()}
    commands_with_number = {
        name for name, command in commands.items() if "cpr" in getattr(command, "columns", ())
    }
    assert commands_with_number == {entry.name for entry in NUMBER_INPUTS if ":" not in entry.name}
