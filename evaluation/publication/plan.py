"""What is published, and which counts hold which: all that could be subtracted from one another.

A count is inside another when its citizens are among the other's. `evaluation.rules.suppression` compares a
figure with what it is inside, with the total of the projects, and with its earlier publications.
"""

from __future__ import annotations

from dataclasses import dataclass

from cases.elements.names import ELEMENT_NAMES
from evaluation.measures import registry
from evaluation.measures.values import Measure

#: Citizens whose course has begun: the drawn participants, which the ledger shows to the agency anyway.
BEGUN = "begun"
#: Of these, those whose course has ended; those who have not ended early; those who do not meet an element.
ENDED = "ended"
NOT_ENDED_EARLY = "not_ended_early"
NOT_MET = "not_met_{}"


def met(element: int) -> str:
    """Return the code of the courses that meet a core element."""
    return f"element_{element}"


def missed(element: int) -> str:
    """Return the code of the courses that have missed a core element."""
    return f"missed_{element}"


def whole(code: str) -> str:
    """Return the code of all that a figure is counted among."""
    return f"{code}_of"


@dataclass(frozen=True)
class PublishedMeasure:
    """A measure, and the codes of what its count and its whole are inside.

    `is_of_month` counts what happened in the month, so that two months hold different things; the others
    count what stands on the day. `whole_inside` is None when all courses that have begun are the whole.
    """

    code: str
    inside: tuple[str, ...] = ()
    whole_inside: tuple[str, ...] | None = None
    is_of_month: bool = False


RUNNING = whole(registry.EMPTY_DAYS.code)
DROP_OUT = registry.DROP_OUT.code

#: Courses in which an internship has begun.
INTERNSHIP = "internship"

#: In an order in which whatever a count is inside comes before it.
PLAN: tuple[PublishedMeasure, ...] = (
    *(
        PublishedMeasure(measure.code, whole_inside=(), is_of_month=True)
        for measure in (registry.WEEKLY_CONTACT, registry.MEETINGS, registry.REVIEWS)
    ),
    PublishedMeasure(registry.EMPTY_DAYS.code, whole_inside=(BEGUN,), is_of_month=True),
    PublishedMeasure(DROP_OUT, inside=(ENDED,)),
    PublishedMeasure(INTERNSHIP),
    PublishedMeasure(registry.COMPLETED.code, inside=(NOT_ENDED_EARLY,), whole_inside=(BEGUN,)),
    PublishedMeasure(registry.ORDINARY_SHARE.code, whole_inside=(RUNNING, BEGUN)),
    PublishedMeasure(registry.PROGRESSED.code, whole_inside=(BEGUN,)),
    *(PublishedMeasure(met(element)) for element in ELEMENT_NAMES),
    *(PublishedMeasure(missed(element), inside=(NOT_MET.format(element),)) for element in ELEMENT_NAMES),
    PublishedMeasure(registry.NINE_ELEMENTS.code, inside=tuple(met(element) for element in ELEMENT_NAMES)),
)

#: The measures of the plan that come from `evaluation.measures`; the elements are counted by `fidelity`.
COUNTED: tuple[Measure, ...] = tuple(
    registry.BY_CODE[published.code] for published in PLAN if published.code in registry.BY_CODE
)
#: How many are drawn, by arm: the ledger is public to the agency, so nothing of it is withheld (D3).
DRAWN = registry.DRAWN

#: The measures that are parts of a whole, counted for all projects together: why courses have ended, and why
#: citizens were refused (a citizen may be refused for several reasons).
END_REASON = "end_reason"
REFUSAL_REASON = "refusal_reason"
