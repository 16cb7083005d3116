"""The terms in force on a day, in SQL: the same rule as `jobfirst.values.dates.in_force_or_first`."""

from __future__ import annotations


def term_on(day: str, term: str, *, table: str = "accounts_trialterms") -> str:
    """Return the expression for a term in force on the day, or before the first row for that of the first.

    `day` is an SQL expression, `term` a column of the dated table: names of the code, never of a request.
    """
    return f"""COALESCE(
        (SELECT {term} FROM {table} WHERE valid_from <= {day} ORDER BY valid_from DESC LIMIT 1),
        (SELECT {term} FROM {table} ORDER BY valid_from LIMIT 1)
    )"""  # noqa: S608  # names of the code  # nosec B608 - our own names
