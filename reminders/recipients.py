"""Who is told of which deadline on a day: looked up when telling, never stored (D33)."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from django.db import connection

from reminders import extension_points, policy
from reminders.models import Deadline, SubjectType


class SqlQuery(NamedTuple):
    """A query with its parameters."""

    sql: str
    params: tuple[Any, ...]


class Telling(NamedTuple):
    """That a user is told of a deadline, as it is due on the day."""

    deadline_id: int
    kind: str
    subject_type: str
    subject: str
    due_on: datetime.date
    recipient_id: int


def tellings_query(on: datetime.date) -> SqlQuery:
    """Return the query of every `Telling` of the day: active users who hold one of a deadline's functions.

    Once per kind, subject, due day and recipient. The columns are those of `Telling`.
    """
    shown, shown_params = (
        Deadline.objects.shown_on(on)
        .order_by()
        .values("pk", "kind", "subject_type", "subject", "project_id", "functions", "due")
        .query.sql_with_params()
    )
    holders = extension_points.holders(SubjectType.COURSE, on)
    assert holders is not None
    held, held_params = holders.query.sql_with_params()
    leaders, leader_params = policy.leaders().query.sql_with_params()
    sql = f"""
        WITH shown (deadline_id, kind, subject_type, subject, project_id, functions, due_on) AS ({shown}),
             holder (subject, function, recipient_id) AS ({held}),
             leader (project_id, function, recipient_id) AS ({leaders})
        SELECT DISTINCT ON (kind, subject_type, subject, due_on, recipient_id)
               deadline_id, kind, subject_type, subject, due_on, recipient_id
          FROM (SELECT shown.*, holder.recipient_id FROM shown
                  JOIN holder ON holder.subject = shown.subject AND holder.function = ANY (shown.functions)
                 WHERE shown.subject_type = %s
                 UNION ALL
                SELECT shown.*, leader.recipient_id FROM shown
                  JOIN leader USING (project_id) WHERE leader.function = ANY (shown.functions)) AS told
          JOIN accounts_user ON accounts_user.id = told.recipient_id AND accounts_user.is_active
         ORDER BY kind, subject_type, subject, due_on, recipient_id, deadline_id
    """  # noqa: S608  # made of compiled querysets; values are parameters
    return SqlQuery(sql, (*shown_params, *held_params, *leader_params, str(SubjectType.COURSE)))


def tellings(on: datetime.date, *, recipient_id: int | None = None) -> list[Telling]:
    """Return who is told of what on the day (or what one user is told), by due day, kind and subject."""
    query = tellings_query(on)
    where, params = (
        ("", query.params)
        if recipient_id is None
        else (
            "WHERE recipient_id = %s",
            (*query.params, recipient_id),
        )
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({query.sql}) AS told {where}"  # noqa: S608  # as above
            " ORDER BY due_on, kind, subject, recipient_id",
            params,
        )
        return [Telling(*row) for row in cursor.fetchall()]
