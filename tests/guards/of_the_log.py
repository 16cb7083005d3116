"""The audit log: who may write it, what dates and seals it, what is counted, and what every answer says."""

from tests.guards.guard import Guard, in_code, right, trigger

ROLES = "tests/jobfirst/database/test_database_roles.py"
LIMITS = "tests/audit/test_limits.py"
EDGES = "tests/access/test_edges.py"
APPEND_ONLY = (
    f"{ROLES}::test_a_trigger_protects_every_append_only_table_from_its_owner",
    "tests/audit/test_tampering.py",
)

LOG: list[Guard] = [
    trigger("audit_securityrecord", "append_only", *APPEND_ONLY),
    trigger("audit_sealedbatch", "append_only", *APPEND_ONLY),
    trigger("audit_chainhead", "append_only", *APPEND_ONLY),
    trigger("audit_accessrecord", "dated", f"{ROLES}::test_a_record_of_access_is_dated_by_the_database"),
    right(
        "the application changes no security record",
        "GRANT UPDATE, DELETE ON audit_securityrecord TO jobfirst_app",
        f"{ROLES}::test_every_table_may_be_read_and_no_append_only_one_changed",
    ),
    right(
        "the application changes no batch of the chain",
        "GRANT UPDATE ON audit_sealedbatch TO jobfirst_app",
        f"{ROLES}::test_every_table_may_be_read_and_no_append_only_one_changed",
    ),
    right(
        "the application writes no context of the history",
        "GRANT INSERT ON pghistory_context TO jobfirst_app",
        f"{ROLES}::test_every_table_may_be_read_and_no_append_only_one_changed",
        f"{ROLES}::test_the_application_cannot_write_history_of_what_did_not_happen",
    ),
    right(
        "the application attaches no context by itself",
        "GRANT EXECUTE ON FUNCTION _pgh_attach_context() TO jobfirst_app",
        f"{ROLES}::test_the_application_cannot_write_history_of_what_did_not_happen",
    ),
    in_code(
        "the application makes no temporary table",
        "jobfirst/database/owner.py",
        "cursor.execute(NO_TEMPORARY_TABLES.format(database, role))",
        "pass",
        f"{ROLES}::test_after_a_migration_no_table_of_the_application_takes_the_place_of_another_one",
    ),
    in_code(
        "requests of a person are counted one after the other",
        "audit/limits.py",
        "lock_part(LockKey.USAGE, user.pk % MOST_32_BITS)",
        "pass",
        f"{LIMITS}::test_of_two_at_once_only_one_takes_the_last_place",
    ),
    in_code(
        "a limit refuses",
        "audit/limits.py",
        "    if free_at:\n",
        "    if not rows:\n",
        LIMITS,
    ),
    in_code(
        "a file is recorded before it is made",
        "audit/middleware.py",
        "record_download(request, view)",
        "pass",
        f"{LIMITS}::test_a_list_as_a_file_and_a_document_are_counted_together",
        EDGES,
    ),
    in_code(
        "a file that is sent in is recorded",
        "jobfirst/kit/upload.py",
        "    note_upload(request)\n",
        "",
        f"{LIMITS}::test_a_file_that_is_sent_in_is_counted_before_it_is_read",
    ),
    in_code(
        "a file is opened in a sandbox",
        "jobfirst/edges/middleware.py",
        'response["Content-Security-Policy"] = POLICY_OF_FILES',
        "pass",
        EDGES,
    ),
    in_code(
        "unusual use is shown of the led projects",
        "cases/policy.py",
        "people = Q(memberships__project__in=led_project_ids(user))",
        "people = Q(memberships__isnull=False)",
        "tests/audit/test_usage.py",
    ),
]
