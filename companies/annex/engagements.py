"""The placements with a work agreement, each with its renewals: what an annex is answered about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from cases.deadlines.facts import CourseKeys, of_courses
from cases.models import Course
from companies.models import AgreementState, Placement, WorkAgreement
from jobfirst.values.dates import DateSpan
from reminders.fact_cache import read_once


class AgreementFacts(NamedTuple):
    """A version of a work agreement: when it was made, and the contact person it names."""

    made_on: date
    contact: int


#: The versions of a placement that were put up for signing, in order of their numbers.
AGREEMENT_ROWS = ArraySubquery(
    WorkAgreement.objects.filter(placement=OuterRef("pk"))
    .exclude(state=AgreementState.DRAFT)
    .order_by("number")
    .values(row=JSONObject(made_on="made_on", contact="company_contact_id"))
)


@dataclass(frozen=True)
class Engagement:
    """A placement and its renewals, in order. `days` are those with a work agreement, from its making or the
    first day to the last day of the chain; `contact` is the id of the contact person in the newest one."""

    placements: Sequence[Placement]
    days: DateSpan
    contact: int

    @property
    def first(self) -> Placement:
        """The placement that the others renew."""
        return self.placements[0]

    def placement_on(self, day: date) -> Placement:
        """Return the placement that runs on the day; outside all of them, the last one that has begun."""
        begun = [placement for placement in self.placements if placement.starts_on <= day]
        return (begun or self.placements)[-1 if begun else 0]

    def has(self, placement: Placement) -> bool:
        """Whether the placement is one of the chain."""
        return placement.pk in {row.pk for row in self.placements}


@read_once
def engagements_by_course(keys: CourseKeys) -> dict[int, list[Engagement]]:
    """Return the engagements of courses (public ids) by course id; one query."""
    rows = Placement.objects.select_related("company").annotate(agreement_rows=AGREEMENT_ROWS)
    by_course: dict[int, list[Placement]] = defaultdict(list)
    agreements: dict[int, list[AgreementFacts]] = {}
    for placement in of_courses(rows.order_by("starts_on", "pk"), keys):
        by_course[placement.course_id].append(placement)
        agreements[placement.pk] = [
            AgreementFacts(date.fromisoformat(row["made_on"]), row["contact"])
            for row in placement.agreement_rows
        ]
    return {
        course: [engagement for chain in chains_of(placements) for engagement in _engaged(chain, agreements)]
        for course, placements in by_course.items()
    }


def engagements_of(course: Course) -> list[Engagement]:
    """Return the engagements of a course, in order of their first days; one query."""
    return engagements_by_course([str(course.public_id)]).get(course.pk, [])


def engagement_of(placement: Placement) -> Engagement | None:
    """Return the engagement that the placement belongs to; None without a work agreement."""
    return next((row for row in engagements_of(placement.course) if row.has(placement)), None)


def chains_of(placements: Iterable[Placement]) -> Iterable[list[Placement]]:
    """Return placements (in order of their first days) grouped with what renews them (D14)."""
    chains: dict[int, list[Placement]] = {}
    for placement in placements:
        chain = chains.get(placement.renews_id or 0, [])
        chain.append(placement)
        chains[placement.pk] = chain
    return {id(chain): chain for chain in chains.values()}.values()


def _engaged(chain: Sequence[Placement], agreements: dict[int, list[AgreementFacts]]) -> Iterable[Engagement]:
    """Yield the engagement of a chain that has a work agreement."""
    made = [(placement, version) for placement in chain for version in agreements.get(placement.pk, ())]
    if made:
        first = min(max(placement.starts_on, version.made_on) for placement, version in made)
        last_days = [placement.last_day for placement in chain]
        last = None if None in last_days else max(day for day in last_days if day is not None)
        yield Engagement(tuple(chain), DateSpan(first, last), made[-1][1].contact)
