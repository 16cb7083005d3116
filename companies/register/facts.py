"""What the public register says of a company, as plain values, and how its answer is read.

The shape of the answer is that of cvrapi.dk (docs/operations.md). Values that are missing or of another type
than expected are empty: the register's own slips must not stop anybody. Only the number is checked.
"""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: The longest text that is kept of the register's answer.
LONGEST = 150


@dataclass(frozen=True, slots=True)
class RegisteredWorkplace:
    """A production unit with its P-number (ten digits)."""

    p_number: str
    name: str = ""
    address: str = ""
    postal_code: str = ""
    town: str = ""
    employees: str = ""
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """A company as the register had it on the day `fetched_on`; `employees` may be a band."""

    cvr: str
    name: str
    fetched_on: datetime.date
    address: str = ""
    postal_code: str = ""
    town: str = ""
    industry_code: str = ""
    industry: str = ""
    employees: str = ""
    workplaces: tuple[RegisteredWorkplace, ...] = ()

    @property
    def number_of_employees(self) -> int | None:
        """The number of employees; None when the register says nothing, or only a band."""
        return int(self.employees) if self.employees.isascii() and self.employees.isdigit() else None

    def as_data(self) -> dict[str, Any]:
        """Return the facts as JSON data."""
        return asdict(self) | {"fetched_on": self.fetched_on.isoformat()}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "RegisterFacts":
        """Return the facts that `as_data` wrote."""
        workplaces = tuple(RegisteredWorkplace(**row) for row in data["workplaces"])
        fetched_on = datetime.date.fromisoformat(data["fetched_on"])
        return cls(**{**data, "fetched_on": fetched_on, "workplaces": workplaces})


def read_answer(answer: object, cvr: str, fetched_on: datetime.date) -> RegisterFacts:
    """Return the facts in the register's answer, which is decoded JSON.

    ValueError when the answer is not about the company asked for, or does not name it.
    """
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    if _digits(answer.get("vat"), 8) != cvr:
        raise ValueError("another company")
    name = _text(answer.get("name"))
    if not name:
        raise ValueError("no name")
    units = answer.get("productionunits")
    return RegisterFacts(
        cvr=cvr,
        name=name,
        fetched_on=fetched_on,
        address=_text(answer.get("address")),
        postal_code=_digits(answer.get("zipcode"), 4),
        town=_text(answer.get("city")),
        industry_code=_digits(answer.get("industrycode"), 6),
        industry=_text(answer.get("industrydesc")),
        employees=_text(answer.get("employees")),
        workplaces=_workplaces(units if isinstance(units, list) else []),
    )


def _workplaces(units: list[Any]) -> tuple[RegisteredWorkplace, ...]:
    """Return the units that have a P-number, each number once, in order of the number."""
    workplaces = {}
    for unit in units:
        p_number = _digits(unit.get("pno"), 10) if isinstance(unit, dict) else ""
        if p_number:
            workplaces[p_number] = RegisteredWorkplace(
                p_number=p_number,
                name=_text(unit.get("name")),
                address=_text(unit.get("address")),
                postal_code=_digits(unit.get("zipcode"), 4),
                town=_text(unit.get("city")),
                employees=_text(unit.get("employees")),
                is_closed=bool(_text(unit.get("enddate"))),
            )
    return tuple(workplaces[number] for number in sorted(workplaces))


def _text(value: object) -> str:
    """Return a text or a number as one line without control characters, empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else ""
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())[:LONGEST]


def _digits(value: object, count: int) -> str:
    """Return a number of so many digits, which may have lost its leading zeros; empty for anything else."""
    text = _text(value)
    if not (text.isascii() and text.isdigit()) or len(text) > count:
        return ""
    return text.zfill(count)
