"""The reasonableness requirement of a company and of each of its workplaces on a day, with its arithmetic, as
the company's page shows it (D24)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from companies.headcounts import headcount_of, stays_at
from companies.models import Company, Placement, Workplace
from companies.presentation.reasonableness import places_in_words
from companies.rules.reasonableness import PlacementStay, ReasonablenessAssessment, assess
from jobfirst.values.dates import DateSpan


@dataclass(frozen=True)
class CountedPlace:
    """The requirement of one workplace, or without a `workplace` of the whole company; `lines` say how the
    places follow from the employees. `unplaced` persons count at every workplace: theirs is not known."""

    workplace: Workplace | None
    requirement: ReasonablenessAssessment
    lines: Sequence[str]
    unplaced: int = 0


def counted_places(
    company: Company, workplaces: Iterable[Workplace], on: datetime.date
) -> list[CountedPlace]:
    """Return the requirement of each open workplace; of the whole company without any. Two queries."""
    stays = stays_at([company], Placement.objects.running(on))[company.cvr]
    open_workplaces = [workplace for workplace in workplaces if not workplace.is_closed]
    is_only = len(open_workplaces) == 1
    rows: Sequence[Workplace | None] = open_workplaces or [None]
    return [_counted(company, workplace, stays, on, is_only=is_only) for workplace in rows]


def _counted(
    company: Company,
    workplace: Workplace | None,
    stays: Sequence[PlacementStay],
    on: datetime.date,
    *,
    is_only: bool,
) -> CountedPlace:
    headcount = headcount_of(company, workplace, is_only=is_only)
    requirement = assess(headcount, stays, within=DateSpan(on, on))
    unplaced = {stay.person for stay in stays if on in stay.span and stay.workplace is None}
    return CountedPlace(
        workplace,
        requirement,
        places_in_words(requirement.count),
        0 if headcount.workplace is None else len(unplaced & set(requirement.persons)),
    )
