"""Walls between projects (D39): whatever two projects share, nobody reads the other one's words.

The second project of `sharing_projects` has a word of its own in every text that it has written. None of them
may stand in what the first project's people get: pages, files, search, mails.
"""

import copy
import datetime
import re
from itertools import product

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership, Project, User
from accounts.people.actions import take_role
from cases.models import Course, Referral
from jobfirst import clock
from reminders.calendar import calendar_of
from tests.access.addresses import METHODS, STAFF
from tests.access.requests import MOMENT_OF_THE_LOG
from tests.access.table import TABLE
from tests.access.test_canaries import text_of
from tests.access.test_import_columns import PAGES
from tests.factories import cpr
from tests.loops import some
from tests.scenarios import sharing_projects
from tests.scenarios.sharing_projects import EVERYBODY, WORD

LINK = re.compile(r"""(?:href|action|hx-get)=["'](/[^"'#]*)""")
FIELD = re.compile(r"<input\b[^>]*>")
TOKEN = re.compile(
    r"""name="(?:csrfmiddlewaretoken|[\w-]*submission)" value="[^"]*"|/static/[^"]*"""
    r"""|/vist/[^"/]*|search=[\w-]+"""
)
#: Nobody's word, as long as those of the second project.
NOBODYS = "pelikan"
ON_A_DAY_OF_THE_TRIAL = datetime.datetime(2016, 5, 3, 10, tzinfo=datetime.UTC)
OF_NO_CITIZEN = {"user_import", "project_import", "evaluation:upload_paid_hours"}
NOT_WALKED = ("/static", "/konto/logout", "/hjaelp")


@pytest.fixture(scope="module")
def _committed_walls(django_db_setup, django_db_blocker):
    from tests import databases

    try:
        with django_db_blocker.unblock():
            made = sharing_projects.build()
        yield made
    finally:
        with django_db_blocker.unblock():
            databases.renew(databases.template())


@pytest.fixture
def walls(_committed_walls, db):
    """The two projects that share all they can; a test's changes are rolled back, and everybody is signed in
    again."""
    cache.clear()
    clients = _committed_walls[0].clients
    cookies = {role: copy.deepcopy(client.cookies) for role, client in clients.items()}
    yield _committed_walls
    for role, client in clients.items():
        client.cookies = cookies[role]


@pytest.fixture
def world(walls):
    return walls[0]


@pytest.fixture
def leaks(walls):
    """Return a function that lists the second project's words in a text, with the fields they stand in."""
    words = walls[1]

    def leaked(text):
        found_words = sorted(set(re.findall(rf"{WORD}\d{{4}}", text, re.IGNORECASE)))
        return [f"{words.field_by_word[word.lower()]}" for word in found_words]

    return leaked


def send(client, method, path, **data):
    """Send the request and roll back what it did; follow nothing."""
    cookies = copy.deepcopy(client.cookies)
    try:
        with transaction.atomic():
            answer = client.generic(method, path, **data)
            text = text_of(answer) if answer.status_code < 500 else ""
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return answer, text


def own_pages(world):
    """Return the paths of the table about the first project's things."""
    paths = []
    for address, relation in product(TABLE, ("own", "same")):
        if "GET" in address.roles_by_method and not address.name.startswith("account_"):
            parts = [*(world.ids[kind][relation] for kind in address.kinds), *address.args]
            paths.append(reverse(address.name, args=parts))
    return list(dict.fromkeys(paths))


def walk(world, leaks):
    """Yield what is leaked to the one with every role, and where, on every page reached from the table."""
    client, waiting, seen = world.clients[EVERYBODY], own_pages(world), set()
    while waiting:
        path = waiting.pop()
        page = path.partition("?")[0]
        if page in seen:
            continue
        seen.add(page)
        _answer, text = send(client, "GET", path)
        yield from (f"{path}: {label}" for label in leaks(text))
        links = [link.replace("&amp;", "&") for link in LINK.findall(text)]
        waiting += [link for link in links if not link.startswith(NOT_WALKED)]


#: What projects write of companies, citizens and courses, with a text of the second project in each.
WRITTEN = {
    "audit": "Correction",
    "cases": "Accommodation CaseCorrection CvEntry FollowUpMeeting MeetingDecision MentorContact Referral "
    "UncoveredNeed",
    "companies": "AnnexReply ClosingAssessment CompanyAcquaintance CompanyCall CompanyContact CompanyMerge "
    "CompanyNote Dialogue DialogueEntry JobOpening Match Placement PlacementReport Succession WorkAgreement",
    "plans": "ActivityLine PlanForJob",
    "progression": "Answer",
}


def test_every_kind_of_text_has_a_word_of_the_second_project(walls):
    models = {label.rpartition(".")[0] for label in walls[1].field_by_word.values()}
    assert {f"{app}.{name}" for app, names in WRITTEN.items() for name in names.split()} <= models


def test_a_word_on_a_page_is_noticed(world, leaks, monkeypatch):
    monkeypatch.setattr("companies.tables.readable_writers", lambda _user, writers: set(writers))
    _answer, text = send(world.clients["project_leader"], "GET", reverse("companies:successions"))
    assert leaks(text) == ["companies.Succession.reason"] * 2 + ["companies.Succession.withdrawn_reason"]


@pytest.mark.long
def test_no_page_shows_a_word_of_the_other_project(world, leaks):
    assert sorted(set(walk(world, leaks))) == []


def search_fields(text):
    """Yield the names of the fields into which a word is typed to search."""
    for field in FIELD.findall(text):
        kind, name = (re.search(rf'\b{part}="([^"]*)"', field) for part in ("type", "name"))
        if kind and name and kind[1] in {"search", "text"}:
            yield name[1]


def is_list(address):
    """Whether the address is a page about no single thing that the people of a project get."""
    return not address.kinds and not address.is_public and role_let_in(address, "GET") is not None


def comparable(text, word):
    """Return the text of a page without what differs by chance, or by the word searched for."""
    return re.sub(MOMENT_OF_THE_LOG, "", TOKEN.sub("", text)).replace(word, "")


def test_a_search_for_the_other_projects_words_answers_as_one_for_nobodys(world):
    client, differences, searched = world.clients[EVERYBODY], [], 0
    for path in [reverse(address.name, args=address.args) for address in TABLE if is_list(address)]:
        _answer, text = send(client, "GET", path)
        for name in set(search_fields(text)) - {"csrfmiddlewaretoken"}:
            answers = [send(client, "GET", f"{path}?{name}={word}")[1] for word in (WORD, NOBODYS)]
            searched += 1
            if comparable(answers[0], WORD) != comparable(answers[1], NOBODYS):
                differences.append(f"{path}?{name}")
    assert searched > 5
    assert differences == []


def role_let_in(address, method):
    """Return a role of a project that the table lets in with the method; None without one."""
    return next((role for role in STAFF if role in address.roles_by_method.get(method, ())), None)


def refused_as_nonexistent(address):
    """Return the methods and roles to which a foreign thing of the address must look like none."""
    from tests.access.addresses import KINDS

    if not address.kinds or "other" in KINDS[address.kinds[0]]:
        return []
    return [(method, role) for method in METHODS if (role := role_let_in(address, method))]


#: Of each answer anew: its nonces, and the id by which the log names it.
RANDOM_HEADERS = {"Content-Security-Policy", "X-Request-ID"}


@pytest.mark.parametrize("address", [a for a in TABLE if refused_as_nonexistent(a)], ids=str)
def test_a_foreign_thing_costs_as_many_queries_as_none(world, address):
    for method, role in some(refused_as_nonexistent(address)):
        counts, headers = {}, {}
        send(world.clients[role], method, "/")  # what is cached for the first request of a test
        for relation in ("nonexistent", "other"):
            parts = [*(world.ids[kind][relation] for kind in address.kinds), *address.args]
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer, _text = send(world.clients[role], method, reverse(address.name, args=parts))
            counts[relation] = [query["sql"].partition(" WHERE ")[0] for query in queries]
            headers[relation] = {
                name: value for name, value in answer.headers.items() if name not in RANDOM_HEADERS
            }
        assert len(counts["other"]) == len(counts["nonexistent"]), (method, role, counts)
        assert headers["other"] == headers["nonexistent"]


def uploaded(client, name, columns, cpr):
    """Upload the columns' own examples with a citizen's number; return the answer's text and its queries."""
    values = [cpr if str(column) == "cpr" else column.example for column in columns]
    content = "\n".join([";".join(columns), ";".join(values)]).encode()
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        answer = client.post(reverse(name), {"file": SimpleUploadedFile("fil.csv", content)})
        transaction.set_rollback(True)
    return comparable(text_of(answer), NOBODYS), [query["sql"].partition(" ")[0] for query in queries]


@pytest.mark.parametrize("name", [name for name in PAGES if name not in OF_NO_CITIZEN])
def test_a_file_about_the_other_projects_citizen_is_answered_as_one_about_nobody(world, name):
    role, columns = PAGES[name]
    theirs = Course.objects.get(public_id=world.ids["course"]["other"]).citizen.cpr
    client = world.clients[role]
    uploaded(client, name, columns, theirs)  # what is cached for the first request
    assert uploaded(client, name, columns, theirs) == uploaded(client, name, columns, cpr(3999))


def test_the_other_projects_citizen_is_not_found_by_number_or_name(world):
    course = Course.objects.get(public_id=world.ids["course"]["other"])
    client, answers = world.clients["mentor"], []
    for number, name in ((course.citizen.cpr, course.referral.name), (cpr(3999), NOBODYS)):
        data = {"cpr": number, "name": name, "reason": "Vikar"}
        with transaction.atomic():
            text = client.post(reverse("cases:find"), data).content.decode()
            transaction.set_rollback(True)
        answers.append(comparable(text, name).replace(number, ""))
    assert answers[0] == answers[1]


class TestByTime:
    """What one saw as one of the first project, one sees no longer after leaving it."""

    @pytest.fixture
    def moved(self, world):
        """Move each of the first project's people to the second one, in the same roles."""
        other = Project.objects.get(slug=world.ids["project"]["other"])
        for role in STAFF:
            user = world.users[role]
            membership = user.memberships.get()
            take_role(membership, clock.today(), by=world.users["administrator"])
            Membership.objects.create(user=user, role=role, project=other)
            world.clients[role].force_login(User.objects.get(pk=user.pk))
        return world

    #: These name a person, who is now a colleague, or oneself; and a PDF of the scenario that holds nothing.
    OF_PEOPLE = frozenset({"new_absence", "cases:hand_over", "grants:document", "grants:document_file"})

    @pytest.mark.parametrize("role", STAFF)
    def test_old_addresses_answer_as_if_nothing_was_there(self, moved, role):
        seen = []
        for address in TABLE:
            if role not in address.roles_by_method.get("GET", ()) or not refused_as_nonexistent(address):
                continue
            if address.name in self.OF_PEOPLE:
                continue
            for relation in ("own", "same"):
                parts = [*(moved.ids[kind][relation] for kind in address.kinds), *address.args]
                answer, _text = send(moved.clients[role], "GET", reverse(address.name, args=parts))
                if answer.status_code not in {403, 404}:
                    seen.append(f"{address.name} {relation}: {answer.status_code}")
        assert seen == []

    def test_lists_and_search_hold_nothing_of_the_project_left(self, moved):
        texts = []
        names = set(
            Referral.objects.filter(project__slug=moved.ids["project"]["own"]).values_list("name", flat=True)
        )
        for address in TABLE:
            if not address.kinds and "project_leader" in address.roles_by_method.get("GET", ()):
                path = reverse(address.name, args=address.args)
                texts.append((path, send(moved.clients["project_leader"], "GET", path)[1]))
        assert [path for path, text in texts if any(name in text for name in names)] == []

    def test_a_calendar_feed_shows_nothing_of_the_project_left(self, moved):
        mentor = moved.users["mentor"]
        left = moved.ids["course"]["own"]
        content = calendar_of(mentor, clock.today())
        assert str(left) not in content.ics.decode()


#: What the reasonableness requirement counts at a company is of all projects, in numbers (D24).
COUNTED = re.compile(r"\d+ (?:er )?optaget|\d+ and(?:en person|re personer)|<dd>\d+</dd>")


def test_what_the_other_project_does_changes_no_page(world, walls):
    def pages():
        cache.clear()  # so that many openings of links are no attack
        texts = {path: send(world.clients["project_leader"], "GET", path)[1] for path in own_pages(world)}
        return {path: COUNTED.sub("", comparable(text, NOBODYS)) for path, text in texts.items()}

    with time_machine.travel(ON_A_DAY_OF_THE_TRIAL, tick=False):
        before = pages()
        sharing_projects.act_again(*walls)
        after = pages()
    assert [path for path in before if before[path] != after[path]] == []


def test_mails_to_the_first_projects_people_hold_no_word_of_the_other(world, leaks):
    from reminders.deadlines import recompute

    recompute()
    call_command("send_reminders", on="2016-06-30")
    ours = {user.email for user in world.users.values()}
    texts = [f"{m.subject} {m.body} {m.alternatives}" for m in mail.outbox if set(m.to) & ours]
    assert texts
    assert [label for text in texts for label in leaks(text)] == []
