"""Fixtures of the two projects of tests/scenarios/two_projects.py, committed, for all tests."""

import copy

import pytest


@pytest.fixture(scope="session")
def _built_projects(django_db_setup, django_db_blocker):
    """The two projects, and the name of the database that was kept with them, for all modules."""
    from audit.models import AccessRecord
    from tests import databases
    from tests.scenarios import two_projects

    with django_db_blocker.unblock():
        databases.renew(databases.template())
        projects = two_projects.build()
        projects.last_record = max(AccessRecord.objects.values_list("pk", flat=True), default=0)
        database = databases.keep("two_projects")
    yield projects, database
    with django_db_blocker.unblock():
        databases.drop(database)


@pytest.fixture(scope="module")
def _committed_projects(_built_projects, django_db_blocker):
    """The two projects, committed for a module; the database is made anew afterwards."""
    from tests import databases

    projects, database = _built_projects
    try:
        with django_db_blocker.unblock():
            databases.copy(database)
        yield projects
    finally:
        with django_db_blocker.unblock():
            databases.renew(databases.template())


@pytest.fixture
def two_projects(_committed_projects, db):
    """The two projects; a test's changes are rolled back, and everybody is signed in again."""
    from django.core.cache import cache

    cache.clear()
    clients = _committed_projects.clients
    cookies = {role: copy.deepcopy(client.cookies) for role, client in clients.items()}
    yield _committed_projects
    for role, client in clients.items():
        client.cookies = cookies[role]
