"""The drawn citizens of a package, in the order of their pseudonyms, a batch at a time."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from cases.models import Course
from evaluation.packages.pseudonyms import Pseudonyms
from randomization.models import Allocation

#: How many citizens a batch has: so many have at most some 50,000 rows of answers.
CITIZENS = 250


@dataclass(frozen=True)
class PackageBatch:
    """Some drawn citizens: their allocations by citizen's id, and their courses by the same id.

    `as_of` is the last day that counts; `outcomes_until` the last month with paid hours (its first day), None
    before there are any.
    """

    allocations: dict[int, Allocation]
    courses: dict[int, Course]
    pseudonyms: Pseudonyms
    as_of: datetime.date
    outcomes_until: datetime.date | None

    def citizen(self, citizen_id: int) -> str:
        """Return the pseudonym of a citizen of the batch, by id."""
        return self.pseudonyms.citizen(self.allocations[citizen_id].citizen.public_id)

    def day(self, citizen_id: int, day: datetime.date | None) -> int | None:
        """Return a day as days since the citizen's draw; None for none, or one after `as_of`."""
        if day is None or day > self.as_of:
            return None
        return (day - self.allocations[citizen_id].allocated_on).days

    def citizen_of(self) -> dict[int, int]:
        """Return the citizen's id by the course's id."""
        return {course.pk: citizen for citizen, course in self.courses.items()}


def citizen_batches(
    pseudonyms: Pseudonyms, as_of: datetime.date, outcomes_until: datetime.date | None
) -> Iterator[PackageBatch]:
    """Yield everybody in the ledger, sorted by pseudonym: the order tells nothing of the draw's."""
    public_ids = dict(Allocation.objects.order_by().values_list("pk", "citizen__public_id"))
    ordered = sorted(public_ids, key=lambda pk: pseudonyms.citizen(public_ids[pk]))
    for first in range(0, len(ordered), CITIZENS):
        some_ids = ordered[first : first + CITIZENS]
        rows = Allocation.objects.select_related("citizen", "referral", "stratum").in_bulk(some_ids)
        allocations = {rows[pk].citizen_id: rows[pk] for pk in some_ids}
        courses = Course.objects.filter(citizen__in=allocations, started_on__lte=as_of)
        yield PackageBatch(
            allocations,
            {course.citizen_id: course for course in courses},
            pseudonyms,
            as_of,
            outcomes_until,
        )
