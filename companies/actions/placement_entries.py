"""What a row of a file says of a placement, and what identifies it."""

import datetime
from dataclasses import dataclass
from typing import Any, NamedTuple

from cases.rules.deliveries import as_delivered
from jobfirst.exchange import FileRow

#: The values that, without a `source_id`, make two rows two placements: with one they are corrections (D42).
IDENTIFYING = ("cvr", "kind", "starts_on")


class CourseAndCompany(NamedTuple):
    """The ids of a course and a company."""

    course: int
    company: int


class WorkplaceKey(NamedTuple):
    """The id of a company and a P-number."""

    company: int
    p_number: str


class PlacementKey(NamedTuple):
    """What identifies a placement; course and company by id."""

    course: int
    company: int
    kind: str
    starts_on: datetime.date

    @property
    def pair(self) -> CourseAndCompany:
        """The course and the company."""
        return CourseAndCompany(self.course, self.company)


@dataclass(frozen=True)
class PlacementEntry:
    """A placement as a valid row of the file states it; `source_id` is empty where the file has none."""

    row: FileRow
    citizen: bytes  # the keyed hash of the CPR number
    cvr: str
    company: str
    kind: str
    starts_on: datetime.date
    values: dict[str, Any]
    source_id: str = ""

    @property
    def terms(self) -> dict[str, Any]:
        """The values that a placement stores as they are: all but the P-number, which names its workplace."""
        return {name: value for name, value in self.values.items() if name != "p_number"}

    @property
    def identity(self) -> dict[str, Any]:
        """The values that identify it without a `source_id`."""
        return {name: getattr(self, name) for name in IDENTIFYING}

    @property
    def delivered(self) -> dict[str, str]:
        """What the row says, to be compared with the next file."""
        source = {"source_id": self.source_id} if self.source_id else {}
        return {**as_delivered({**self.values, **self.identity}), "company": self.company, **source}
