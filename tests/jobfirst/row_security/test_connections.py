"""A connection shows whoever uses it their own rows, whatever was done with it before."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.signals import request_finished
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from jobfirst.row_security.context import all_projects, no_project, only_projects
from tests.factories import CourseFactory
from tests.jobfirst.row_security.switches import Persons, seen, switch_in_threads

THREADS = 4


@pytest.fixture
def persons(transactional_db) -> Persons:
    """Two persons of one project each, one of both, the agency, and nobody."""
    first, second = CourseFactory().project_id, CourseFactory().project_id
    third = CourseFactory().project_id
    everything = frozenset({first, second, third})
    return Persons(
        {
            "first": only_projects([first]),
            "second": only_projects([second]),
            "both": only_projects([first, second]),
            "agency": all_projects("a test"),
            "nobody": no_project(),
        },
        {
            "first": frozenset({first}),
            "second": frozenset({second}),
            "both": frozenset({first, second}),
            "agency": everything,
            "nobody": frozenset(),
        },
    )


@pytest.fixture(params=["pooled", "persistent"])
def kept_connections(request, persons, monkeypatch) -> Iterator[None]:
    """Let threads share fewer connections than they are, or each keep one of its own."""
    database = settings.DATABASES["default"]
    connections.close_all()
    if request.param == "pooled":
        pool = {"min_size": 1, "max_size": THREADS - 1, "timeout": 60}
        monkeypatch.setitem(database, "OPTIONS", {**database.get("OPTIONS", {}), "pool": pool})
        monkeypatch.setitem(database, "CONN_MAX_AGE", 0)  # the pool keeps the connections
    yield
    connections["default"].close_pool()


def test_nobody_sees_what_another_person_may_see(persons, kept_connections, pytestconfig):
    switches = pytestconfig.getoption("--switches")
    outcome = switch_in_threads(persons, switches, THREADS)
    assert outcome.switches == switches // THREADS * THREADS
    assert outcome.leaks == []


@pytest.mark.django_db
def test_a_page_is_told_to_the_server_once():
    """The same projects are told once in a transaction, and another time after other ones."""
    project = CourseFactory().project_id
    statements: list[str] = []
    send = connection._send
    connection._send = lambda statement: (statements.append(statement), send(statement))
    try:
        with only_projects([project]):
            seen()
            seen()
            with no_project():
                assert seen() == frozenset()
            assert seen() == {project}
    finally:
        del connection._send
    mine = f"SET LOCAL jobfirst.projects = '{project}'"
    assert statements == [mine, "SET LOCAL jobfirst.projects = ''", mine]


@pytest.mark.django_db
def test_what_is_told_is_no_query_of_the_page():
    with CaptureQueriesContext(connection) as captured, no_project():
        seen()
    assert len(captured) == 1


@pytest.mark.django_db
def test_a_block_within_a_function_that_calls_itself_ends_where_it_began():
    project = CourseFactory().project_id

    @all_projects("a test")
    def count(depth: int) -> int:
        return len(seen()) + (count(depth - 1) if depth else 0)

    with only_projects([project + 1]):
        assert count(2) == 3
        assert seen() == frozenset()


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_told_before_its_first_statement():
    project = CourseFactory().project_id
    with only_projects([project]):
        assert seen() == {project}
        connection.close()
        assert seen() == {project}
    with no_project():
        connection.close()
        assert seen() == frozenset()


@pytest.mark.django_db(transaction=True)
def test_the_end_of_a_transaction_takes_its_projects_back():
    """SET LOCAL: even a connection of which nobody keeps account shows nothing afterwards."""
    CourseFactory()
    with no_project():
        seen()
        with transaction.atomic(), all_projects("a test"):
            seen()
        assert connection.connection.execute("SHOW jobfirst.projects").fetchone() == ("",)


@pytest.mark.django_db(transaction=True)
def test_what_a_statement_has_told_the_server_ends_with_its_request():
    """Such as one that was let in by a fault: the next request on the connection sees what it may."""
    CourseFactory()
    with no_project():
        seen()
        connection.connection.execute("SELECT set_config('jobfirst.projects', '*', false)")
        assert seen() != frozenset()
        request_finished.send(None)
        assert seen() == frozenset()
