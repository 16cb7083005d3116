"""What has changed between a draft that was shown and a later reckoning: events added, removed, moved."""

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from grants.reckoning.figures import FIGURES, Amount, Figure
from grants.reckoning.statement import ZERO, Draft, Line, ProjectStatement
from grants.rules.values import EventKind


class Nature(StrEnum):
    """What happened to an event."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One event that is not as it was; None and zero where there is none. Amounts in kroner."""

    citizen: str
    citizen_public_id: uuid.UUID
    course_public_id: uuid.UUID
    kind: EventKind
    nature: Nature
    was_on: datetime.date | None
    was: Decimal
    on: datetime.date | None
    now: Decimal

    @property
    def amount(self) -> Decimal:
        """What the change gives, or takes."""
        return self.now - self.was


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure then and now."""

    figure: Figure
    was: Amount
    now: Amount


@dataclass(frozen=True, slots=True)
class ProjectDifference:
    """What has changed in one project; nothing, when both are empty. The name is that of then."""

    slug: str
    name: str
    figures: tuple[FigureChange, ...]
    changes: tuple[Change, ...]


def difference(was: Draft, now: Draft, *, events: bool) -> tuple[ProjectDifference, ...]:
    """Hold the projects of `was` against the same of `now`; those that are as they were are left out.

    Without `events` only figures are compared. A project that `now` does not have is compared with nothing.
    """
    today = {item.project.pk: item for item in now.projects}
    found = []
    for old in was.projects:
        new = today.get(old.project.pk)
        changes = _changes(old, new) if events else ()
        figures = _figures(old, new)
        if figures or changes:
            found.append(ProjectDifference(old.project.slug, old.project.name, figures, changes))
    return tuple(found)


def _figures(old: ProjectStatement, new: ProjectStatement | None) -> tuple[FigureChange, ...]:
    changes = (
        FigureChange(figure, figure.of(old), figure.of(new) if new else figure.zero) for figure in FIGURES
    )
    return tuple(change for change in changes if change.was != change.now)


def _changes(old: ProjectStatement, new: ProjectStatement | None) -> tuple[Change, ...]:
    """By day, then pseudonym: every event that one side has and the other has not, or has otherwise."""
    before = {(line.course_public_id, line.event.kind): line for line in old.lines}
    after = {(line.course_public_id, line.event.kind): line for line in new.lines} if new else {}
    found = [_change(before.get(key), after.get(key)) for key in {**before, **after}]
    changed = [item for item in found if item is not None]
    return tuple(sorted(changed, key=lambda item: (item.was_on or item.on, item.citizen, item.kind)))


def _change(was: Line | None, now: Line | None) -> Change | None:
    one = was or now
    assert one is not None
    if was and now:
        if (was.event.on, was.event.amount) == (now.event.on, now.event.amount):
            return None
        nature = Nature.MOVED
    else:
        nature = Nature.REMOVED if was else Nature.ADDED
    return Change(
        citizen=one.citizen,
        citizen_public_id=one.who.public_id,
        course_public_id=one.course_public_id,
        kind=one.event.kind,
        nature=nature,
        was_on=was.event.on if was else None,
        was=was.event.amount if was else ZERO,
        on=now.event.on if now else None,
        now=now.event.amount if now else ZERO,
    )
