"""A plugin of pytest for a run without one guard of the database: `-p tests.guards.plugin`.

`JOBFIRST_GUARD_STATEMENT` is carried out, as the owner, on each database that the tests copy from the
template; `JOBFIRST_GUARD_TEMPLATE` is the template's fingerprint, which a changed model would change.
"""

import os

import pytest

#: The exit code of a run whose statement the database refused.
STATEMENT_FAILED = 9


def pytest_collection_finish() -> None:
    """Wrap the copying of the template, once Django is set up."""
    from tests import databases

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
