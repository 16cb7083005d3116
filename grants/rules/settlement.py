"""What one citizen earns whatever the cut-off, and from which cut-off on each event counts (D27, D28, D30).

`grants.rules.entitlement.reckon` gives the events up to one cut-off. Here the same rule gives those of every
cut-off at once: an event is earned on its day, and settled on the first cut-off that shows it. That is its
own day, except for a completion whose day lies in a bridged hole: it is settled on the first day of the spell
after the hole, since without that spell the hole would count nothing.

The events that `reckon` gives for a cut-off are those settled by it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from grants.rules.entitlement import reckon
from grants.rules.values import CountingWindow, EntitlementTerms, GrantEvent, Spell
from jobfirst.values.dates import LATEST


@dataclass(frozen=True, slots=True)
class SettledEvent:
    """An event, and the first cut-off with which a statement has it."""

    event: GrantEvent
    settled_on: date


def settle(
    spells: Iterable[Spell], window: CountingWindow, terms: Sequence[EntitlementTerms]
) -> tuple[SettledEvent, ...]:
    """Return everything one citizen earns under dated terms: at most a start and a completion.

    The window's cut-off is left out of account.
    """
    spells = list(spells)
    starts_on = {spell.id: spell.starts_on for spell in spells}
    return tuple(
        SettledEvent(event, max(event.on, *(starts_on[spell_id] for spell_id in event.spell_ids)))
        for event in reckon(spells, replace(window, cut_off=LATEST), terms).events
    )
