import copy

import pytest


@pytest.fixture(scope="module")
def _built(django_db_setup, django_db_blocker):
    """The world, committed once for a module; the database is made anew afterwards."""
    from tests import databases
    from tests.access import world as worlds

    with django_db_blocker.unblock():
        built = worlds.build()
    yield built
    with django_db_blocker.unblock():
        databases.renew(databases.template())


@pytest.fixture
def world(_built, db):
    """The world; what a test does to it is rolled back, and everybody is signed in again."""
    from django.core.cache import cache

    cache.clear()
    cookies = {role: copy.deepcopy(client.cookies) for role, client in _built.clients.items()}
    yield _built
    for role, client in _built.clients.items():
        client.cookies = cookies[role]
