"""The database shows each person the rows of their projects, and without projects none (two projects)."""

import json

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from accounts.policy import projects_worked_on
from accounts.roles import Role
from audit.history import event_models
from cases.models import Course
from jobfirst.row_security.context import no_project, only_projects
from jobfirst.row_security.rules import walled_models
from tests.access.addresses import SIGNED_IN
from tests.databases import owner_connection
from tests.jobfirst.row_security.rows import keys_of_projects, visible_keys
from tests.loops import some
from tests.scenarios import two_projects

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return two_projects.build()


def test_each_role_sees_exactly_the_rows_of_its_projects(world):
    models = list(walled_models())
    for role in some(SIGNED_IN):
        user = world.users[role]
        projects = user.project_ids()
        expected = {model: keys_of_projects(model, projects) for model in models}
        with projects_worked_on(user):
            seen = {model: visible_keys(model) for model in models}
        if role == Role.AGENCY:
            expected = {model: visible_keys(model) for model in models}
        differing = [model._meta.label for model in models if seen[model] != expected[model]]
        assert differing == [], role


def test_the_other_projects_rows_are_there_and_hidden(world):
    mine = world.users[Role.MENTOR].project_ids()
    with_rows = [model for model in walled_models() if visible_keys(model)]
    assert len(with_rows) > 70
    hidden = [model for model in with_rows if keys_of_projects(model, mine) < visible_keys(model)]
    assert len(hidden) > 70


def test_without_projects_no_row_of_any_table_is_seen(world):
    with no_project():
        seen = [model._meta.label for model in walled_models() if visible_keys(model)]
    assert seen == []


def test_a_connection_that_was_told_nothing_sees_no_row(world):
    """As the application's role, with a connection that knows nothing of the backend."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    raw = connection.connection
    raw.execute("RESET jobfirst.projects")
    raw.execute("SET LOCAL jobfirst.projects = DEFAULT")
    assert raw.execute("SELECT count(*) FROM cases_course").fetchone() == (0,)
    connection._transaction_projects = "?"
    assert visible_keys(next(iter(walled_models()))) is not None


def test_without_projects_no_row_can_be_added(world):
    """Each table refuses a row that it has, in another project's place or in none."""
    written_by_triggers = set(event_models())
    refused = []
    for model in some(walled_models()):
        row = first_row(model)
        if row is None or model in written_by_triggers:
            continue
        for working in (no_project(), only_projects([2_000_000_000])):
            with pytest.raises(DatabaseError) as error, transaction.atomic(), working:
                insert(model, row)
            refused.append("row-level security" in str(error.value))
    # Triggers fire before the policy is asked, and some refuse a second row of the same.
    assert sum(refused) > 0.8 * len(refused)


def test_a_row_cannot_be_moved_to_another_project(world):
    mine = world.users[Role.MENTOR].project_ids()
    course = world.ids["course"]["own"]
    other = Course.objects.get(public_id=world.ids["course"]["other"]).project_id
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        only_projects(mine),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE cases_course SET project_id = %s WHERE public_id = %s", [other, course])


@pytest.mark.django_db(transaction=True)
def test_the_owner_sees_everything():
    two_projects.build()
    with owner_connection() as owner:
        for model in some(walled_models()):
            (count,) = owner.execute(f'SELECT count(*) FROM "{model._meta.db_table}"').fetchone()
            assert count == len(visible_keys(model)), model


def first_row(model) -> dict[str, object] | None:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT to_jsonb(t)::text FROM "{model._meta.db_table}" t LIMIT 1')
        row = cursor.fetchone()
    return None if row is None else json.loads(row[0])


def insert(model, row) -> None:
    """Add the row once more, under another key."""
    table = model._meta.db_table
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if not field.generated)
    row = {**row, model._meta.pk.column: -1}
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({columns})'
            f' SELECT {columns} FROM jsonb_populate_record(NULL::"{table}", %s::jsonb)',
            [json.dumps(row)],
        )
