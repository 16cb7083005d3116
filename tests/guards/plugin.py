"""A plugin of pytest for a run without one guard of the database: `-p tests.guards.plugin`.

`JOBFIRST_GUARD_STATEMENT` is carried out, as the owner, on each database that the tests copy from the
template; `JOBFIRST_GUARD_TEMPLATE` is the template's fingerprint, which a changed model would change.

The wall between projects is open (`jobfirst.row_security`): it would hide what a missing guard of a page lets
through.
"""

import os

import pytest

#: The exit code of a run whose statement the database refused.
STATEMENT_FAILED = 9


def pytest_collection_finish() -> None:
    """Wrap the copying of the template, once Django is set up, and open the wall between projects."""
    from accounts import middleware
    from jobfirst.row_security.context import all_projects
    from tests import databases

    middleware.projects_worked_on = lambda user: all_projects("each guard is tried alone")

    fingerprint = os.environ["JOBFIRST_GUARD_TEMPLATE"]
    databases.fingerprint = lambda: fingerprint
    statement = os.environ.get("JOBFIRST_GUARD_STATEMENT", "")
    copy_template = databases.renew

    def renew(source: str) -> str:
        name = copy_template(source)
        try:
            with databases.owner_connection() as connection:
                connection.execute(statement.encode())
        except Exception as error:
            pytest.exit(f"the statement failed: {error}", returncode=STATEMENT_FAILED)
        return name

    if statement:
        databases.renew = renew
