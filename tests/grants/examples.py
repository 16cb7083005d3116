"""Terms, a window and spells by which the rules are told by example."""

from datetime import date, timedelta
from decimal import Decimal

from grants.rules.entitlement import reckon
from grants.rules.values import CountingWindow, EntitlementTerms, Spell
from jobfirst.dates import DateSpan

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
    return Spell(id or f"{company}/{first}/{kind}", company, kind, first, planned, last)


def earned(*spells, window=WINDOW, terms=(TERMS,)):
    return [(event.kind.value, event.on) for event in reckon(spells, window, terms).events]


def reasons(*spells, window=WINDOW, terms=(TERMS,)):
    return {item.spell_id: item.reason for item in reckon(spells, window, terms).unused}


def lasting(first, days, **kw):
    return spell(first, first + timedelta(days=days - 1), **kw)
