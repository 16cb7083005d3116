"""Limits of searches, openings and files: counted in the database, refused in words, one at a time."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from audit.access import record_act
from audit.limits import TooOftenError, counted
from audit.models import AccessRecord
from audit.usage import LIMIT_ACTION, NAME_SEARCH_ACTION, Usage
from cases.models import ColleagueOpening
from jobfirst.settings.rates import parsed_limits
from tests.concurrency import run_at_once
from tests.factories import CourseFactory, UserFactory, cpr

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return CourseFactory(holders=UserFactory())


@pytest.fixture
def colleague(course, client):
    colleague = UserFactory(
        project=course.project, roles=[Role.MENTOR, Role.COORDINATING_CASEWORKER, Role.PROJECT_LEADER]
    )
    client.force_login(colleague)
    return colleague


def limit(settings, **limits):
    settings.JOBFIRST_LIMITS = dict.fromkeys(Usage.values, "off") | limits


def actions():
    return list(AccessRecord.objects.order_by("pk").values_list("action", flat=True))


def search(client, number):
    return client.post(reverse("cases:find"), {"cpr": number})


def test_a_search_by_number_beyond_the_limit_is_refused_with_a_time(client, settings, course, colleague):
    limit(settings, cpr_search="2/hour")
    for _ in range(2):
        assert search(client, course.citizen.cpr).status_code == 302
    answer = search(client, course.citizen.cpr)
    assert "Det var mange søgninger på CPR-nummer. Du kan søge igen" in answer.content.decode()
    assert actions()[-1] == LIMIT_ACTION
    record = AccessRecord.objects.first()
    assert (record.user, record.asked_for, record.outcome) == (colleague, "cpr_search", "refused")
    assert record.citizens == []


def test_an_unknown_number_counts_as_a_known_one(client, settings, course, colleague):
    limit(settings, cpr_search="1/hour")
    search(client, cpr(977))
    assert "Det var mange" in search(client, course.citizen.cpr).content.decode()


def test_a_refused_request_does_not_put_the_next_one_off(settings, colleague):
    limit(settings, name_search="1/hour")
    with counted(colleague, Usage.NAME_SEARCH):
        record_act(colleague, NAME_SEARCH_ACTION)
    waits = []
    for _ in range(2):
        with pytest.raises(TooOftenError) as refused, counted(colleague, Usage.NAME_SEARCH):
            pytest.fail("the limit is met")
        waits.append(refused.value.free_at)
    assert waits[0] == waits[1] == AccessRecord.objects.get(action=NAME_SEARCH_ACTION).at + HOUR


HOUR = datetime.timedelta(hours=1)


def test_each_person_is_counted_alone(settings, colleague):
    limit(settings, name_search="1/day")
    for user in (colleague, UserFactory()):
        with counted(user, Usage.NAME_SEARCH):
            record_act(user, NAME_SEARCH_ACTION)
    assert actions() == [NAME_SEARCH_ACTION] * 2


def test_a_search_by_name_beyond_the_limit_shows_no_list(client, settings, course, colleague):
    limit(settings, name_search="1/hour")
    page = reverse("cases:courses")
    assert client.get(page, {"name": "Karen"}).status_code == 200
    assert client.get(page).status_code == 200
    answer = client.get(page, {"name": "Karla"})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert "Det var mange søgninger på navn" in answer.content.decode()
    part = client.get(page, {"name": "Karla"}, headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Retarget"]) == (429, "#main-content")
    assert "<html" not in part.content.decode()


def test_an_opening_beyond_the_limit_opens_nothing(client, settings, course, colleague):
    limit(settings, opening="1/day")
    other = CourseFactory(project=course.project, holders=UserFactory())
    for opened in (course, other):
        client.post(reverse("cases:open", args=[opened.public_id]), {"reason": "Mette er syg i dag"})
    assert [opening.course for opening in ColleagueOpening.objects.all()] == [course]


def test_a_list_as_a_file_and_a_document_are_counted_together(client, settings, course, colleague):
    limit(settings, download="1/hour")
    fetched = client.get(reverse("cases:courses"), {"format": "xlsx"})
    assert fetched.status_code == 200
    assert actions().count("list.export") == 1
    assert client.get(reverse("cases:cv_pdf", args=[course.public_id])).status_code == 429


def test_a_file_that_is_sent_in_is_counted_before_it_is_read(client, settings, course, colleague, tmp_path):
    limit(settings, upload="1/hour")
    file = tmp_path / "functions.csv"
    file.write_text("not;a;header\n")
    statuses = []
    for _ in range(2):
        with file.open("rb") as content:
            statuses.append(client.post(reverse("cases:upload_functions"), {"file": content}).status_code)
    assert statuses == [422, 429]
    assert actions() == ["upload", LIMIT_ACTION]


def test_a_check_before_a_referral_is_counted_also_of_an_unknown_number(settings, colleague, client):
    limit(settings, cpr_search="1/hour")
    record_act(colleague, "referral.check")
    with pytest.raises(TooOftenError), counted(colleague, Usage.CPR_SEARCH):
        pytest.fail("the limit is met")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_only_one_takes_the_last_place(settings):
    limit(settings, name_search="1/hour")
    user = UserFactory()

    def search_by_name():
        with counted(user, Usage.NAME_SEARCH):
            record_act(user, NAME_SEARCH_ACTION)

    outcomes = run_at_once([search_by_name] * 4)
    assert sum(outcome is None for outcome in outcomes) == 1, outcomes
    assert sum(isinstance(outcome, TooOftenError) for outcome in outcomes) == 3
    assert sorted(actions()) == [LIMIT_ACTION] * 3 + [NAME_SEARCH_ACTION]


def test_nobody_waits_in_a_worker(settings, colleague, monkeypatch):
    """A refusal is an answer at once: nothing sleeps."""
    monkeypatch.setattr("time.sleep", lambda _seconds: pytest.fail("a worker sleeps"))
    limit(settings, name_search="1/hour")
    record_act(colleague, NAME_SEARCH_ACTION)
    with pytest.raises(TooOftenError), transaction.atomic(), counted(colleague, Usage.NAME_SEARCH):
        pytest.fail("the limit is met")


def test_the_count_uses_the_index_of_the_person(settings, colleague):
    """The query of the limit itself, planned where sorting is dear: only an index in its order is left."""
    limit(settings, cpr_search="60/hour")
    with CaptureQueriesContext(connection) as queries, counted(colleague, Usage.CPR_SEARCH):
        pass
    [query] = [query["sql"] for query in queries if "ORDER BY" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute("EXPLAIN " + query)
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "Index Scan using audit_access_user" in plan
    assert "Sort" not in plan


def test_how_a_limit_is_written():
    assert [(limit.number, limit.window.total_seconds()) for limit in parsed_limits("4/hour, 9/day")] == [
        (4, 3600),
        (9, 86400),
    ]
    assert parsed_limits("off") == ()
    for wrong in ("", "0/hour", "4", "4/week", "4/hour;9/day", "4/hour,", "٤/hour"):
        with pytest.raises(ValueError, match="a limit is written"):
            parsed_limits(wrong)
