"""Terms, a window and spells of one citizen, and what they earn: for examples of the grant's rules."""

from datetime import date, timedelta
from decimal import Decimal

from grants.rules.entitlement import reckon
from grants.rules.values import CountingWindow, EntitlementTerms, Spell
from jobfirst.values.dates import DateSpan

#: CVR numbers of two companies.
A, B = "10150817", "33111222"
TERMS = EntitlementTerms(
    valid_from=date(2015, 1, 1),
    start_amount=Decimal("8000.00"),
    completion_amount=Decimal("8000.00"),
    counting_kinds=frozenset({"internship", "wage_subsidy", "ordinary_employment", "flex_job"}),
)
WINDOW = CountingWindow(
    allocated_on=date(2016, 2, 1),
    project=DateSpan(date(2016, 1, 1), date(2017, 12, 31)),
    cut_off=date(2016, 12, 31),
)


def spell(first, last=None, company=A, kind="internship", planned=None, id=None):
    """Return a spell from the first to the last day present; without one, to the planned end."""
    return Spell(id or f"{company}/{first}/{kind}", company, kind, first, planned, last)


def spell_of_days(first, days, **fields):
    """Return a spell that lasts so many days."""
    return spell(first, first + timedelta(days=days - 1), **fields)


def earned_events(*spells, window=WINDOW, terms=(TERMS,)):
    """Return kind and day of every event that the spells earn."""
    return [(event.kind.value, event.on) for event in reckon(spells, window, terms).events]


def unused_reasons(*spells, window=WINDOW, terms=(TERMS,)):
    """Return the reason of every spell that earns nothing, by its id."""
    return {item.spell_id: item.reason for item in reckon(spells, window, terms).unused}
