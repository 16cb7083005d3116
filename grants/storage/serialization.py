"""The basis of events and adjustments as JSON data, and back.

Used by submitted statements (`grants.storage.submitted`) and snapshots (`grants.storage.snapshots`).
"""

import datetime
from decimal import Decimal
from typing import Any

from grants.reckoning.statement import Adjustment, StatementCitizen
from grants.rules.values import CrossedTakeOver, GrantEvent, GrantEventKind, Hole, HoleKind
from jobfirst.values.dates import DateSpan

_day = datetime.date.fromisoformat


def of_event(event: GrantEvent) -> dict[str, Any]:
    """Return the basis of an event: company, spells, days counted, holes, and take-overs if any."""
    crossed = [
        {"on": item.on.isoformat(), "from": item.predecessor, "to": item.successor} for item in event.crossed
    ]
    return {
        "company": event.company,
        "spells": list(event.spell_ids),
        "counted_from": event.counted_from.isoformat(),
        "counted_days": event.counted_days,
        "holes": [_hole_data(hole) for hole in event.holes],
        **({"take_overs": crossed} if crossed else {}),
    }


def event(
    kind: str, on: datetime.date, amount: Decimal, terms_valid_from: datetime.date, basis: dict[str, Any]
) -> GrantEvent:
    """Return the event with this basis; amount in kroner."""
    return GrantEvent(
        kind=GrantEventKind(kind),
        on=on,
        amount=amount,
        terms_valid_from=terms_valid_from,
        company=basis.get("company", ""),
        spell_ids=tuple(basis.get("spells", ())),
        counted_from=_day(basis.get("counted_from", on.isoformat())),
        counted_days=basis.get("counted_days", 0),
        holes=tuple(_hole(data) for data in basis.get("holes", ())),
        crossed=tuple(
            CrossedTakeOver(_day(data["on"]), data["from"], data["to"])
            for data in basis.get("take_overs", ())
        ),
    )


def _hole_data(hole: Hole) -> dict[str, str]:
    return {
        "first": hole.span.first.isoformat(),
        "last": hole.span.last_day.isoformat(),
        "kind": hole.kind.value,
    }


def _hole(data: dict[str, str]) -> Hole:
    return Hole(DateSpan(_day(data["first"]), _day(data["last"])), HoleKind(data["kind"]))


def of_adjustment(item: Adjustment) -> dict[str, Any]:
    """Return the basis of an adjustment: the approved event, its statement, and the event now."""
    return {
        "was_on": item.was_on.isoformat(),
        "was": f"{item.was:.2f}",
        "on": item.on.isoformat() if item.on else None,
        "now": f"{item.now:.2f}",
        "approved_cut_off": item.approved_cut_off.isoformat(),
    }


def adjustment(citizen: StatementCitizen, kind: str, line_id: int, basis: dict[str, Any]) -> Adjustment:
    """Return the adjustment of one approved line with this basis."""
    return Adjustment(
        citizen=citizen,
        kind=GrantEventKind(kind),
        line_id=line_id,
        approved_cut_off=_day(basis["approved_cut_off"]),
        was_on=_day(basis["was_on"]),
        was=Decimal(basis["was"]),
        on=_day(basis["on"]) if basis["on"] else None,
        now=Decimal(basis["now"]),
    )
