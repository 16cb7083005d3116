"""The tests, like the application, sign in as a role that owns no table."""

import json
import os
import threading

import pghistory
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from audit.history import event_models
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def query_value(statement: str):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def rows(statement: str):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_the_application_is_no_superuser_and_owns_no_table():
    assert query_value("SELECT current_user") == "jobfirst_app"
    assert query_value(
        "SELECT NOT (rolsuper OR rolcreatedb OR rolcreaterole) FROM pg_roles WHERE rolname = current_user"
    )
    assert query_value("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user") == 0


def test_the_owner_is_no_superuser():
    assert query_value(
        "SELECT NOT (rolsuper OR rolcreaterole) FROM pg_roles WHERE rolname = 'jobfirst_owner'"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE django_session",
        "ALTER TABLE django_session ADD COLUMN x int",
        "DROP TABLE django_session",
        "CREATE TABLE mine (x int)",
        "ALTER TABLE django_session DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_cannot_change_the_shape_of_things(statement):
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER ROLE jobfirst_app SUPERUSER",
        "ALTER ROLE jobfirst_app BYPASSRLS",
        "ALTER ROLE jobfirst_app SET jobfirst.projects = '*'",
        # Its own password it may change (docs/decisions/2026-11-28-password-of-the-role.md).
        "ALTER ROLE jobfirst_app VALID UNTIL '2020-01-01'",
        "ALTER ROLE jobfirst_app CONNECTION LIMIT 0",
        "ALTER ROLE jobfirst_app NOLOGIN",
        "ALTER ROLE jobfirst_app IN DATABASE postgres SET jobfirst.projects = '*'",
        "ALTER ROLE jobfirst_owner PASSWORD 'known'",
        "GRANT jobfirst_owner TO jobfirst_app",
        "SET ROLE jobfirst_owner",
        "SET SESSION AUTHORIZATION jobfirst_owner",
        "ALTER POLICY jobfirst_projects ON cases_course USING (true)",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "COPY accounts_user TO '/tmp/users'",
        "SELECT * FROM pg_authid",
        "SELECT * FROM pg_shadow",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT lo_import('/etc/hostname')",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE EXTENSION dblink",
    ],
)
def test_the_application_cannot_become_somebody_else_nor_read_the_machine(statement):
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_table_may_be_read_and_no_append_only_one_changed():
    """The history and its contexts are written by the triggers alone, with the rights of the owner."""
    from django.apps import apps
    from pghistory.models import Context, Event

    tables = set(connection.introspection.table_names())
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in tables]
    assert len(models) > 20
    for model in models:
        table = model._meta.db_table
        history = issubclass(model, Event | Context)
        append_only = history or getattr(model, "jobfirst_append_only", False)
        rights = {
            right: query_value(f"SELECT has_table_privilege('\"{table}\"', '{right}')")
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
        }
        assert rights == {
            "SELECT": True,
            "INSERT": not history and not getattr(model, "jobfirst_written_by_owner", False),
            "UPDATE": not append_only,
            "DELETE": not append_only,
            "TRUNCATE": False,
        }, table


TRIGGERS_THAT_REFUSE = """
    SELECT count(*) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid = '"{table}"'::regclass AND tgenabled = 'O' AND tgqual IS NULL
      AND tgtype & 1 = 1  -- for each row
      AND tgtype & 2 = 2  -- before
      AND tgtype & 8 = 8 AND tgtype & 16 = 16  -- DELETE and UPDATE
      AND prosrc ~ 'RAISE EXCEPTION'
"""


def test_a_trigger_protects_every_append_only_table_from_its_owner():
    """The application lacks the rights as well; whoever owns the table has them."""
    from django.apps import apps

    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "jobfirst_append_only", False) and not hasattr(model, "pgh_id")
    ]
    assert {"audit_accessrecord", "randomization_allocation", "grants_statementline"} <= set(tables)
    unprotected = [table for table in tables if not query_value(TRIGGERS_THAT_REFUSE.format(table=table))]
    assert unprotected == []


def test_no_trigger_can_be_ignored():
    """pgtrigger's setting for ignoring triggers has no effect on any table."""
    names = [name for (name,) in rows("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'")]
    assert len(names) > 100
    query_value(f"SELECT set_config('pgtrigger.ignore', '{{{','.join(names)}}}', true)")
    assert {query_value(f"SELECT _pgtrigger_should_ignore('{name}')") for name in names} == {False}


def test_the_setting_of_an_erasure_is_for_the_owner_alone():
    """The history's own functions run with the owner's rights, but the application has signed in."""
    query_value("SELECT set_config('jobfirst.erasing', 'on', true)")
    assert query_value("SELECT _pgtrigger_should_ignore('pgtrigger_append_only')") is False
    user = UserFactory()
    assert query_value(f"SELECT count(*) FROM accounts_userevent WHERE pgh_obj_id = {user.pk}") == 1


def test_history_is_only_ever_added_to():
    assert len(event_models()) > 20
    for model in event_models():
        table = model._meta.db_table
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            assert not query_value(f"SELECT has_table_privilege('\"{table}\"', '{right}')"), table


def test_the_application_cannot_write_history_of_what_did_not_happen():
    """Neither an event nor a context; a change of a row still leaves its event."""
    user = UserFactory()
    assert query_value("SELECT count(*) FROM accounts_userevent") == 1
    forgeries = [
        "INSERT INTO accounts_userevent SELECT * FROM accounts_userevent",
        "INSERT INTO pghistory_context (id, metadata, created_at, updated_at)"
        " VALUES (gen_random_uuid(), '{\"user\": 1}', now(), now())",
        "SELECT _pgh_attach_context()",
        f"UPDATE accounts_userevent SET name = 'x' WHERE pgh_obj_id = {user.pk}",
        "UPDATE pghistory_context SET metadata = '{}'",
        "DELETE FROM pghistory_context",
        "TRUNCATE pghistory_context",
    ]
    for statement in forgeries:
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_no_table_of_the_application_takes_the_place_of_the_history():
    """Every role may make temporary tables, and finds them first: the triggers look in the schema alone."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE accounts_userevent (LIKE public.accounts_userevent)")
        UserFactory()
        cursor.execute("SELECT count(*) FROM public.accounts_userevent")
        assert cursor.fetchone() == (1,)
        cursor.execute("DROP TABLE pg_temp.accounts_userevent")


FUNCTIONS_THAT_WRITE = """
    SELECT oid::regprocedure::text, prosecdef AND proconfig IS NOT NULL,
           has_function_privilege(oid, 'EXECUTE')
      FROM pg_proc WHERE position('INSERT INTO "{table}"' IN prosrc) > 0
"""


@pytest.mark.parametrize("table", ["accounts_user", "accounts_membership"])
def test_no_trigger_of_the_application_writes_history(table):
    """Every role may make a temporary table with a trigger, which would fire the function as the owner."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE forged (LIKE public.{table})")
    functions = [function for function, *_rights in rows(FUNCTIONS_THAT_WRITE.format(table=f"{table}event"))]
    assert len(functions) == 3
    for function in functions:
        making = f"CREATE TRIGGER forging AFTER INSERT ON forged FOR EACH ROW EXECUTE FUNCTION {function}"
        with (
            pytest.raises(ProgrammingError, match="permission denied for function"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(making)


def test_every_trigger_of_the_history_writes_as_the_owner_and_is_out_of_reach():
    """Of each table three functions, none of which the application may use for a trigger of its own."""
    tables = {model._meta.db_table for model in event_models()}
    assert len(tables) > 20
    for table in tables:
        rights = [tuple(rights) for _function, *rights in rows(FUNCTIONS_THAT_WRITE.format(table=table))]
        assert rights == [(True, False)] * 3, table


def test_more_that_becomes_known_in_a_request_makes_a_second_context():
    """What an earlier event says of its circumstances is never changed (pghistory would)."""
    with pghistory.context(url="/x/"):
        first = UserFactory()
        pghistory.context(user=first.pk)
        second = UserFactory()
        third = UserFactory()
    contexts = [
        query_value(
            "SELECT metadata FROM accounts_userevent JOIN pghistory_context c ON c.id = pgh_context_id"
            f" WHERE pgh_obj_id = {user.pk}"
        )
        for user in (first, second, third)
    ]
    known = {"url": "/x/", "user": first.pk}
    assert [json.loads(context) for context in contexts] == [{"url": "/x/"}, known, known]
    assert query_value("SELECT count(*) FROM pghistory_context") == 2


def test_a_record_of_access_is_dated_by_the_database():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_accessrecord (at, action, outcome, citizens, asked_for, reason, session)"
            " VALUES ('2016-03-01', 'page', 'shown', '{}', '', '', '')"
        )
    assert query_value("SELECT now() - at < interval '1 minute' FROM audit_accessrecord")


@pytest.mark.django_db(transaction=True)
def test_after_a_migration_no_table_of_the_application_takes_the_place_of_another_one():
    """A temporary table is found first: access records would go there for as long as the connection lives."""
    from jobfirst.database.owner import as_owner, grant_application

    with as_owner() as owner:
        grant_application(owner, "jobfirst_app")
    with pytest.raises(ProgrammingError, match="temporary tables"), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE audit_accessrecord (LIKE public.audit_accessrecord)")


def test_migrate_refuses_without_an_owner(settings):
    settings.DATABASE_OWNER_URL = ""
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL is not set"):
        call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_migrate_refuses_the_application_as_its_own_owner():
    from jobfirst.database.owner import as_owner, grant_application

    with as_owner() as owner, pytest.raises(CommandError, match="must be another role"):
        grant_application(owner, "jobfirst_owner")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_test_commits_is_gone_and_reference_data_are_back(time):
    """Runs twice: the rows removed and added by one run must not be visible in the other."""
    migrations = MigrationRecorder.Migration.objects
    assert migrations.filter(app="accounts").exists()
    assert not migrations.filter(app="nowhere").exists()
    migrations.all().delete()

    def from_a_thread():
        migrations.create(app="nowhere", name=time)
        connections["default"].close()

    thread = threading.Thread(target=from_a_thread)
    thread.start()
    thread.join()
    assert migrations.count() == 1


def test_the_tests_database_is_not_the_one_of_make_run():
    assert str(os.getpid()) in settings.DATABASES["default"]["NAME"]
    assert query_value("SELECT current_database()") == settings.DATABASES["default"]["NAME"]


def test_text_sorts_as_in_danish():
    assert (
        query_value("SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['å', 'ø', 'æ', 'z', 'a']) x")
        == "azæøå"
    )
