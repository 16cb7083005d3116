"""Temporary tables, which the application's role may not make, for a benchmark's bare statements."""

from django.conf import settings
from django.db import connection
from psycopg import sql

from jobfirst.database.owner import as_owner


def allow() -> None:
    """Let the application's role make temporary tables in the database of the benchmark."""
    role = sql.Identifier(settings.DATABASES["default"]["USER"])
    database = sql.Identifier(str(connection.settings_dict["NAME"]))
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, role))
