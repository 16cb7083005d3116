"""Persons and steps of erasure. Models are imported in the fixtures: this file is read before Django is."""

import datetime

import pytest

#: Every period of the reference trial has ended by then.
LONG_AFTER = datetime.date(2026, 1, 1)


@pytest.fixture
def project(db):
    from tests.factories import ProjectFactory

    return ProjectFactory()


@pytest.fixture
def administrator(db):
    from tests.factories import UserFactory

    return UserFactory(roles=["administrator"])


@pytest.fixture
def leader(project):
    from tests.factories import UserFactory

    return UserFactory(project=project, roles=["project_leader"])


@pytest.fixture(autouse=True)
def erasures_folder(settings, tmp_path):
    settings.JOBFIRST_ERASURES_DIR = tmp_path / "erasures"
    return settings.JOBFIRST_ERASURES_DIR


@pytest.fixture
def approve(administrator, leader, project):
    """Propose the project's list as of a day, and approve it by another person."""
    from rights.erasure import runs
    from rights.models import RunState

    def propose_and_approve(on=LONG_AFTER, project_id=project.pk):
        run = runs.propose(administrator, project_id, on)
        return runs.decide(run, leader, RunState.APPROVED, run.content_hash)

    return propose_and_approve


@pytest.fixture
def owner_delete():
    """Delete one history row as the owner with the triggers switched off; return its number."""
    from tests import databases

    def delete(table, condition):
        with databases.owner_connection() as owner:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            number = owner.execute(f"SELECT min(pgh_id) FROM {table} WHERE {condition}").fetchone()[0]
            owner.execute(f"DELETE FROM {table} WHERE pgh_id = {number}")
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        return number

    return delete
