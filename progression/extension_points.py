"""The extension point of the monthly review: what else belongs to it beside the progression tool (D35).

An app calls `add_review_part` in `AppConfig.ready()`.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import TrialTerms
from cases.agenda import AgendaLine, MeetingFacts
from cases.models import Course


@dataclass(frozen=True)
class ReviewFacts:
    """The input of a part: the course, today, the day of the answers that are looked at (None: there are none
    yet), the trial's terms, whether the reader may answer, and the query of the address."""

    course: Course
    on: datetime.date
    answered_on: datetime.date | None
    terms: TrialTerms
    may_answer: bool
    query: Mapping[str, str]


@dataclass(frozen=True)
class ReviewPart:
    """A part of the monthly review, below the answers of the progression tool.

    `context` returns what the template reads as `part`; None leaves the part out. `agenda_lines` are added to
    the first topic of a meeting.
    """

    key: str
    template: str
    context: Callable[[ReviewFacts], dict[str, Any] | None]
    agenda_lines: Callable[[MeetingFacts], Iterable[AgendaLine]]


@dataclass(frozen=True)
class ShownPart:
    """A part of a review as a page shows it."""

    template: str
    context: dict[str, Any]


_parts: dict[str, ReviewPart] = {}


def add_review_part(part: ReviewPart) -> None:
    """Add a part to the monthly review. ValueError when another one has its key."""
    if _parts.setdefault(part.key, part) != part:
        raise ValueError(f"two parts of the review are called {part.key}")


def review_parts() -> list[ReviewPart]:
    """Return the parts in the order in which they were added."""
    return list(_parts.values())


def shown_parts(facts: ReviewFacts) -> list[ShownPart]:
    """Return the parts of a review that have something to show."""
    parts = ((part.template, part.context(facts)) for part in _parts.values())
    return [ShownPart(template, context) for template, context in parts if context is not None]
