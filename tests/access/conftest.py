import copy

import pytest


@pytest.fixture(scope="module")
def _committed_projects(django_db_setup, django_db_blocker):
    """The two projects, committed once for a module; the database is made anew afterwards."""
    from audit.models import AccessRecord
    from tests import databases
    from tests.scenarios import two_projects

    try:
        with django_db_blocker.unblock():
            projects = two_projects.build()
            projects.last_record = max(AccessRecord.objects.values_list("pk", flat=True), default=0)
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


@pytest.fixture
def quick_pdfs(monkeypatch):
    """Replace the slow drawing of PDFs, for tests that are about access only."""
    monkeypatch.setattr("weasyprint.HTML.write_pdf", lambda *args, **kwargs: b"%PDF-1.7")
