"""Which fields each kind of placement has (D13, D14, D20, D24): one table for form and action.

A sniffing internship is a visit to find out: it is unpaid, and the reasonableness requirement does not count
it. In an internship there are internship hours, and ordinary hours beside them. A wage subsidy and an
employment are paid work: all of their hours are ordinary.
"""

from __future__ import annotations

from collections.abc import Mapping

WAIVERS = ("waived_few_hours", "waived_employment")

#: The fields beyond company, workplace and first day, by kind.
FIELDS_OF_KIND: dict[str, tuple[str, ...]] = {
    "sniffing": ("planned_end_on", "internship_hours"),
    "internship": ("planned_end_on", "internship_hours", "ordinary_hours", *WAIVERS, "waiver_reason"),
    "wage_subsidy": ("planned_end_on", "ordinary_hours", "waived_few_hours", "waiver_reason"),
    "ordinary_employment": ("planned_end_on", "ordinary_hours"),
    "flex_job": ("planned_end_on", "ordinary_hours"),
}

#: The kinds that need no planned end.
OPEN_ENDED_KINDS = ("ordinary_employment", "flex_job")


def has_field(kind: str, name: str) -> bool:
    """Whether a kind has the field."""
    return name in FIELDS_OF_KIND[kind]


def kinds_of_hours(kind: str) -> tuple[str, ...]:
    """Return the kinds of hours that a kind of placement has: internship, ordinary, or both."""
    return tuple(hours for hours in ("internship", "ordinary") if has_field(kind, f"{hours}_hours"))


def unfitting(kind: str, values: Mapping[str, object]) -> list[str]:
    """Return the names of the values that the kind has no field for; empty values and zero are none."""
    known = {name for names in FIELDS_OF_KIND.values() for name in names}
    return [name for name, value in values.items() if value and name in known and not has_field(kind, name)]
