"""A database connection that tells the server which projects the running code works on.

Before a statement the connection compares the projects (`row_security.context`) with those that it has told,
and only when they differ sends a SET. What it has told it forgets when the server may have forgotten it:

- in a transaction it is SET LOCAL: the end of the transaction takes it back;
- a rollback to a savepoint takes back what was set since;
- a connection that is new, or comes from a pool, may have any setting: it is told before its first statement.

SET needs no snapshot, so it may come before SET TRANSACTION. It is no query of the page: it goes past
Django's cursors, and so past the counting of queries.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from jobfirst.row_security.context import current_projects

#: The server's setting; the policies read it (`row_security.policies`).
SETTING = "jobfirst.projects"
#: What a server may have been told by anybody: it differs from all that the code may work on.
UNKNOWN = "?"


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to PostgreSQL that tells the projects before each statement."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._session_projects = UNKNOWN
        #: Those of the running transaction; None when it has those of the session.
        self._transaction_projects: str | None = None
        self.execute_wrappers.append(self._execute)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._session_projects, self._transaction_projects = UNKNOWN, None
        return super().get_new_connection(conn_params)

    def close_if_unusable_or_obsolete(self) -> None:
        """Between requests and tasks forget what was told, too: a statement may have told otherwise."""
        super().close_if_unusable_or_obsolete()
        if not self.in_atomic_block:
            self._session_projects = UNKNOWN

    def _cursor(self, name: str | None = None) -> Any:
        """Return a cursor; the projects are told already, for what goes past `execute` (COPY)."""
        cursor = super()._cursor(name)  # type: ignore[misc]  # of the backend, not in its stubs
        self.tell_projects()
        return cursor

    def _execute(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Tell the projects, and execute the statement."""
        self.tell_projects()
        try:
            return execute(sql, params, many, context)
        finally:
            if isinstance(sql, str) and sql.lstrip()[:8].upper() == "ROLLBACK":
                self._transaction_projects = UNKNOWN

    def tell_projects(self) -> None:
        """Tell the server the projects of the running code, unless it knows them.

        In a transaction that has failed nothing is told: the server takes no statement before its end.
        """
        connection = self.connection
        if connection is None or connection.closed:
            return
        status = connection.pgconn.transaction_status
        if status == TransactionStatus.INERROR:
            return
        if status == TransactionStatus.IDLE:
            self._transaction_projects = None
        projects = current_projects()
        if connection.autocommit and status == TransactionStatus.IDLE:
            if self._session_projects != projects:
                self._session_projects = UNKNOWN
                self._send(f"SET {SETTING} = '{projects}'")
                self._session_projects = projects
            return
        known = self._session_projects if self._transaction_projects is None else self._transaction_projects
        if known != projects:
            self._transaction_projects = UNKNOWN
            self._send(f"SET LOCAL {SETTING} = '{projects}'")
            self._transaction_projects = projects

    def _send(self, statement: str) -> None:
        with self.wrap_database_errors:
            self.connection.execute(statement)
