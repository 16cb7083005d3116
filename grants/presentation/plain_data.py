"""A project's statement as plain data for JSON: money as strings with two decimals, days as ISO dates."""

from decimal import Decimal
from typing import Any

from grants.reckoning.figures import FIGURES, SINCE_LAST_APPROVED
from grants.reckoning.statement import Adjustment, AnsweredDoubt, ProjectStatement


def kroner(amount: Decimal) -> str:
    """Return an amount as the exchange formats write it: two decimals, a point, no grouping."""
    return f"{amount:.2f}"


def project_data(item: ProjectStatement) -> dict[str, Any]:
    """Return a project's figures, events, adjustments and doubts."""
    return {
        "project": item.project.slug,
        **{
            figure.name: kroner(value) if isinstance(value := figure.of(item), Decimal) else value
            for figure in (*FIGURES, *SINCE_LAST_APPROVED)
        },
        **({"approved_until": item.approved_until.isoformat()} if item.approved_until else {}),
        "events": [
            {
                "citizen": line.pseudonym,
                "kind": line.event.kind.value,
                "date": line.event.on.isoformat(),
                "amount": kroner(line.event.amount),
                "entry": line.entry.value,
            }
            for line in item.lines
        ],
        "adjustments": [adjustment_data(adjustment) for adjustment in item.adjustments],
        "doubts": [_doubt_data(row) for row in item.doubts],
    }


def _doubt_data(row: AnsweredDoubt) -> dict[str, Any]:
    """Return a doubt (D58) with its answer, empty while there is none."""
    about = row.doubt.about
    return {
        "citizen": row.pseudonym,
        "company": row.company,
        "kind": about.kind.value,
        "events": [kind.value for kind in row.doubt.events],
        "date": about.day.isoformat(),
        "days": about.days,
        "answer": row.answer.text if row.answer else "",
    }


def adjustment_data(item: Adjustment) -> dict[str, Any]:
    """Return an adjustment with the event as it was and as it is."""
    return {
        "citizen": item.pseudonym,
        "kind": item.kind.value,
        "amount": kroner(item.amount),
        "approved_cut_off": item.approved_cut_off.isoformat(),
        "was_date": item.was_on.isoformat(),
        "was_amount": kroner(item.was),
        "date": item.on.isoformat() if item.on else None,
    }
