"""The table of tests/access/cpr_numbers.py, tried number by number (D39)."""

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
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Project, User
from cases.exchange import REFERRAL_COLUMNS
from cases.models import Course
from tests.access.cpr_numbers import (
    NUMBER,
    SITUATIONS,
    STORED_NAME,
    TAKERS,
    TYPED_NAME,
    Asking,
    arrange,
    csv,
    save_referral,
    upload_referral,
)
from tests.access.table import STAFF, TABLE

MADE_BY_CHANCE = [
    (re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"), b"ID"),
    (re.compile(rb'(csrfmiddlewaretoken" value=")\w+'), rb"\1TOKEN"),
    (re.compile(rb"(X-CSRFToken\W+)\w+"), rb"\1TOKEN"),
    (re.compile(rb"""(nonce[-=]["']?)[\w+/=-]+"""), rb"\1NONCE"),
]
TAKES_A_NUMBER = re.compile(rb'name="cpr"|\bcpr;')


@pytest.fixture(autouse=True)
def quick_pdfs(monkeypatch):
    """A PDF's text is compared, not its look."""

    def text_of(html, *args, **kwargs) -> bytes:
        return b"%PDF-1.7 " + " ".join(html.etree_element.itertext()).encode()

    monkeypatch.setattr("weasyprint.HTML.write_pdf", text_of)


@pytest.fixture(autouse=True)
def stopped_clock():
    """Two answers are compared to the byte: the clock stands still meanwhile."""
    with time_machine.travel(datetime.datetime.now(datetime.UTC), tick=False):
        yield


@pytest.fixture
def here(world) -> Project:
    return Project.objects.get(slug=world.ids["project"]["own"])


@pytest.fixture
def elsewhere(world) -> Project:
    return Project.objects.get(slug=world.ids["project"]["other"])


@contextmanager
def undone(world) -> Iterator[None]:
    """Undo what is stored in the block, and what the browsers keep."""
    cookies = {role: copy.deepcopy(client.cookies) for role, client in world.clients.items()}
    cache.clear()  # many requests in a second are no attack here
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    for role, client in world.clients.items():
        client.cookies = cookies[role]


def plain(answer) -> bytes:
    """An answer without what is made by chance: status, headers and content, or what a command says."""
    if isinstance(answer, str):
        text = answer.encode()
    else:
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        headers = "\n".join(f"{name}: {value}" for name, value in sorted(answer.headers.items()))
        text = f"{answer.status_code}\n{headers}\n".encode() + content
    for pattern, word in MADE_BY_CHANCE:
        text = pattern.sub(word, text)
    return text


@pytest.mark.parametrize("taker", TAKERS, ids=str)
def test_the_answers_tell_no_more_than_declared(world, here, elsewhere, taker):
    alike = defaultdict(set)
    for situation in SITUATIONS:
        with undone(world):
            arrange(situation, here, elsewhere)
            answers = [plain(answer) for answer in taker.ask(Asking(world, here))]
        alike[b"\n".join(answers)].add(situation)
        assert STORED_NAME.encode() not in b"".join(answers), situation
    assert {frozenset(group) for group in alike.values()} == taker.groups


@pytest.mark.parametrize("refer", [save_referral, upload_referral])
def test_nor_do_the_projects_pages_afterwards(world, here, elsewhere, refer):
    """Lists, searches, figures and downloads of the referring project, whoever the number belongs to."""
    alike = defaultdict(set)
    situations = frozenset(situation for situation in SITUATIONS if not situation.startswith("own"))
    for situation in sorted(situations):
        with undone(world):
            arrange(situation, here, elsewhere)
            refer(Asking(world, here))
            pages = [plain(page) for page in pages_without_a_subject(world)]
        assert STORED_NAME.encode() not in b"".join(pages), situation
        alike[b"\n".join(pages)].add(situation)
    not_in_trial = frozenset({"unknown", "other refused"})
    assert {frozenset(group) for group in alike.values()} == {not_in_trial, situations - not_in_trial}


def pages_without_a_subject(world):
    """Every page that names no single thing, of those who see referrals; the list also searched."""
    for role in ("coordinating_caseworker", "project_leader"):
        client = world.clients[role]
        for address in TABLE:
            if not address.kinds and not address.is_public and role in address.who.get("GET", ()):
                yield client.get(reverse(address.name, args=address.args))
        for query in (
            {"name": TYPED_NAME},
            {"name": STORED_NAME[:4]},
            {"sort": "citizen"},
            {"state": "refused"},
        ):
            yield client.get(reverse("cases:referrals"), query)


def test_what_another_project_does_changes_nothing_that_this_one_sees(world, here, elsewhere):
    """The other way round: a citizen of `here` is referred elsewhere, on a page and in a file."""
    course = Course.objects.get(public_id=world.ids["course"]["own"])
    stranger = Client()
    stranger.force_login(User.objects.get(public_id=world.ids["user"]["other"]))
    before = whole_project(world)
    refer_elsewhere(stranger, Asking(world, elsewhere), course.citizen.cpr)
    after = whole_project(world)
    changed = [request for request, page in before.items() if page != after[request]]
    assert changed == [], "\n".join(changed)
    assert course.referral.name.encode() in b"".join(after.values())
    assert TYPED_NAME.encode() not in b"".join(after.values())


def refer_elsewhere(client, asking, digits) -> None:
    """Check, save and send in, and look at the list afterwards."""
    form, row = asking.referral_form(cpr=digits), asking.referral_row().replace(NUMBER, digits)
    path = reverse("cases:new_referral")
    assert client.post(path, form | {"check": "1"}).status_code == 200
    assert client.post(path, form, follow=True).status_code == 200
    file = SimpleUploadedFile("levering.csv", csv(REFERRAL_COLUMNS, row.replace("2016-04-15", "2016-04-18")))
    assert client.post(reverse("cases:upload_referrals"), {"file": file}).status_code == 200
    assert client.get(reverse("cases:referrals")).content.decode().count(TYPED_NAME) == 2


def whole_project(world) -> dict[str, bytes]:
    """Every page that the people of `here` may open, of no single thing or of one of their own."""
    pages = {}
    with undone(world):
        for role in STAFF:
            for address in TABLE:
                if address.is_public or role not in address.who.get("GET", ()):
                    continue
                parts = [*(world.ids[kind]["own"] for kind in address.kinds), *address.args]
                answer = world.clients[role].get(reverse(address.name, args=parts))
                pages[f"{address} as {role}"] = plain(answer)
    return pages


def test_every_page_that_takes_a_number_is_declared(world):
    taking = set()
    for address in TABLE:
        for role in sorted(address.who.get("GET", ()))[:1]:
            with undone(world):
                parts = [*(world.ids[kind]["own"] for kind in address.kinds), *address.args]
                if TAKES_A_NUMBER.search(plain(world.clients[role].get(reverse(address.name, args=parts)))):
                    taking.add(address.name)
    assert taking == {taker.name for taker in TAKERS if ":" in taker.name}


def test_every_command_that_takes_a_number_is_declared():
    commands = {name: load_command_class(app, name) for name, app in get_commands().items()}
    taking = {name for name, command in commands.items() if "cpr" in getattr(command, "columns", ())}
    assert taking == {taker.name for taker in TAKERS if ":" not in taker.name}
