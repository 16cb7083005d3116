"""What somebody tries who can run any statement as the application's role: nothing of the log changes."""

import pytest
from django.db import Error, connection, transaction

from audit.models import AccessOutcome, AccessRecord
from jobfirst.database.owner import as_owner

pytestmark = pytest.mark.django_db

TABLES = (
    "audit_accessrecord",
    "audit_securityrecord",
    "audit_correction",
    "audit_sealedbatch",
    "audit_chainhead",
    "pghistory_context",
    "accounts_membershipevent",
)
ON_A_TABLE = (
    "UPDATE {table} SET {key} = {key}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "MERGE INTO {table} t USING (SELECT 1 AS x) s ON false WHEN NOT MATCHED BY SOURCE THEN DELETE",
    "SELECT * FROM {table} FOR UPDATE",
    "LOCK TABLE {table} IN SHARE MODE",
    "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} RENAME TO gone",
    "ALTER TABLE {table} OWNER TO jobfirst_app",
    "CREATE RULE nothing AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE TRIGGER nothing BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE POLICY nothing ON {table} USING (false)",
    "GRANT DELETE ON {table} TO jobfirst_app",
    "DROP TABLE {table}",
    "VACUUM FULL {table}",
    "COPY {table} FROM PROGRAM 'true'",
)
ALONE = (
    "SET ROLE jobfirst_owner",
    "SET SESSION AUTHORIZATION jobfirst_owner",
    "SET session_replication_role = replica",
    "SELECT setval('audit_accessrecord_id_seq', 1)",
    "ALTER SEQUENCE audit_accessrecord_id_seq RESTART",
    "CREATE SCHEMA mine",
    "CREATE TABLE public.mine (x int)",
    "CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT null::timestamptz'",
    "CREATE OR REPLACE FUNCTION public._pgh_attach_context() RETURNS uuid LANGUAGE sql AS 'SELECT 1'",
    "ALTER FUNCTION public._pgtrigger_should_ignore(name) RENAME TO gone",
    "CREATE EVENT TRIGGER mine ON ddl_command_end EXECUTE FUNCTION event_trigger()",
    "CREATE EXTENSION dblink",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT lo_import('/etc/passwd')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "DO $$ BEGIN EXECUTE 'DELETE FROM audit_accessrecord'; END $$",
    "WITH gone AS (DELETE FROM audit_accessrecord RETURNING *) SELECT * FROM gone",
)


def is_refused(statement):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("jobfirst_app",)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except Error:
        return True
    return False


@pytest.mark.parametrize("table", TABLES)
def test_no_statement_changes_or_hides_a_row_of_the_log(table):
    key = "pgh_id" if table.endswith("event") else "id"
    tried = [statement.format(table=table, key=key) for statement in ON_A_TABLE]
    # A grant that one may not give is a warning of PostgreSQL's; it must give nothing.
    passed = [statement for statement in tried if not is_refused(statement)]
    assert [statement for statement in passed if not statement.startswith("GRANT")] == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'DELETE')", [table])
        assert cursor.fetchone() == (False,)


def test_no_statement_goes_round_the_rights_or_reads_a_file_of_the_server():
    assert [statement for statement in ALONE if not is_refused(statement)] == []


def test_a_record_of_somebody_else_is_dated_now_and_cannot_be_taken_back():
    """The application may state any name; it can neither date the record back nor remove it."""
    record = AccessRecord.objects.create(action="page", outcome=AccessOutcome.SHOWN, at="2016-03-01T00:00Z")
    record.refresh_from_db()
    assert record.at.year > 2016
    assert is_refused(f"DELETE FROM audit_accessrecord WHERE id = {record.pk}")


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_changes_or_removes_a_row_while_the_triggers_are_there():
    """TRUNCATE asks no trigger of rows: the chain names what it took (test_verification.py)."""
    AccessRecord.objects.create(action="page", outcome=AccessOutcome.SHOWN)
    with as_owner() as owner:
        for statement in ("DELETE FROM {}", "UPDATE {} SET action = 'x'"):
            with pytest.raises(Error), owner.cursor() as cursor:
                cursor.execute(statement.format("audit_accessrecord"))
    assert AccessRecord.objects.count() == 1
