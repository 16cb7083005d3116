"""Who is told of what on a day: looked up when telling, never stored (D33)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from accounts.models import TrialTerms
from jobfirst.values.dates import DAY
from reminders import extension_points, policy
from reminders.models import Deadline, Reminder, ReminderReason, SubjectType

#: For so many days a notice is shown on a person's page; whoever was not told by then is told all the same.
NOTICE_DAYS = 7


class SqlQuery(NamedTuple):
    """A query with its parameters."""

    sql: str
    params: tuple[Any, ...]


class Telling(NamedTuple):
    """That a user is told of something on a day; `deadline_id` is None for a notice."""

    deadline_id: int | None
    kind: str
    subject_type: str
    subject: str
    due_on: datetime.date
    reason: str
    recipient_id: int


_TELLINGS = """
    WITH shown (deadline_id, kind, subject_type, subject, project_id, functions, due_on) AS ({shown}),
         holder (subject, function, recipient_id) AS ({held}),
         leader (project_id, function, recipient_id) AS ({leaders}),
         notice (kind, subject_type, subject, due_on, recipient_id) AS ({notices}),
         closed (subject, recipient_id) AS ({closed}),
         told (deadline_id, kind, subject_type, subject, due_on, reason, recipient_id) AS (
            SELECT deadline_id, kind, subject_type, shown.subject, due_on, %s, holder.recipient_id
              FROM shown
              JOIN holder ON holder.subject = shown.subject AND holder.function = ANY (shown.functions)
             WHERE shown.subject_type = %s
             UNION ALL
            SELECT deadline_id, kind, subject_type, subject, due_on,
                   CASE WHEN leader.function = ANY (shown.functions) THEN %s ELSE %s END,
                   leader.recipient_id
              FROM shown JOIN leader USING (project_id)
             WHERE leader.function = ANY (shown.functions) OR due_on <= %s
             UNION ALL
            SELECT NULL, kind, subject_type, subject, due_on, %s, recipient_id FROM notice
             WHERE subject_type <> %s
                OR EXISTS (SELECT FROM holder WHERE holder.subject = notice.subject
                                                AND holder.recipient_id = notice.recipient_id))
    SELECT DISTINCT ON (kind, subject_type, subject, due_on, recipient_id)
           deadline_id, kind, subject_type, subject, due_on, reason, recipient_id
      FROM told JOIN accounts_user ON accounts_user.id = told.recipient_id AND accounts_user.is_active
     WHERE NOT EXISTS (SELECT FROM closed WHERE closed.subject = told.subject
                                            AND closed.recipient_id = told.recipient_id)
     ORDER BY kind, subject_type, subject, due_on, recipient_id, reason, deadline_id
"""


#: Subjects that are closed to nobody.
NOBODY = SqlQuery("SELECT NULL::text, NULL::bigint WHERE FALSE", ())


def tellings_query(on: datetime.date) -> SqlQuery:
    """Return the query of every `Telling` of the day, to active users.

    1. A deadline that is shown: to whoever holds one of its functions.
    2. One that has been overdue for some days (a term): to the project's leaders, as escalated.
    3. A notice: to whom it is addressed; one about a course only while that person has a function in it.

    Nobody is told of a subject from which the person is shut out (D51).

    Once per kind, subject, due day and recipient; whoever is told for two reasons is told as the one who is
    to act. The columns are those of `Telling`.
    """
    due_deadlines, deadline_params = _compiled(
        Deadline.objects.shown_on(on)
        .order_by()
        .values("pk", "kind", "subject_type", "subject", "project_id", "functions", "due")
    )
    holders = extension_points.holders(SubjectType.COURSE, on)
    assert holders is not None
    held, held_params = _compiled(holders)
    leaders, leader_params = _compiled(policy.leaders())
    notices, notice_params = _compiled(_notices(on))
    closed_rows = extension_points.closed_to(SubjectType.COURSE)
    closed, closed_params = NOBODY if closed_rows is None else _compiled(closed_rows)
    overdue_since = on - TrialTerms.objects.in_force_or_first(on).escalation_days * DAY
    due, escalated, notice = (str(reason) for reason in ReminderReason)
    course = str(SubjectType.COURSE)
    params = (
        *(*deadline_params, *held_params, *leader_params, *notice_params, *closed_params),
        *(due, course, due, escalated, overdue_since, notice, course),
    )
    sql = _TELLINGS.format(shown=due_deadlines, held=held, leaders=leaders, notices=notices, closed=closed)
    return SqlQuery(sql, params)


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
            f"SELECT * FROM ({query.sql}) AS telling {where}"  # noqa: S608  # as above  # nosec B608
            " ORDER BY due_on, kind, subject, recipient_id",
            params,
        )
        return [Telling(*row) for row in cursor.fetchall()]


def held_functions(user_id: int, on: datetime.date) -> dict[str, set[str]]:
    """Return the functions in which the user acts on the day, by course."""
    holders = extension_points.holders(SubjectType.COURSE, on)
    assert holders is not None
    held = _compiled(holders)
    functions: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH holder (subject, function, recipient_id) AS"  # noqa: S608  # as above  # nosec B608
            f" ({held.sql}) SELECT subject, function FROM holder WHERE recipient_id = %s",
            [*held.params, user_id],
        )
        for subject, function in cursor.fetchall():
            functions[subject].add(function)
    return functions


def _notices(on: datetime.date) -> QuerySet[Reminder, Any]:
    """Return the notices of the last days, and those nobody was told of yet."""
    recent = Reminder.objects.filter(reason=ReminderReason.NOTICE, due_on__lte=on)
    rows = recent.filter(due_on__gt=on - NOTICE_DAYS * DAY) | recent.filter(sent_at__isnull=True)
    return rows.order_by().values("kind", "subject_type", "subject", "due_on", "recipient_id")


def _compiled(rows: QuerySet[Any, Any]) -> SqlQuery:
    return SqlQuery(*rows.query.sql_with_params())
