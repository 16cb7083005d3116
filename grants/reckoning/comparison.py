"""What has changed between a draft that was shown and a later reckoning: events added, removed, moved."""

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from grants.reckoning.figures import FIGURES, Amount, Figure
from grants.reckoning.statement import ZERO, Draft, Line, ProjectStatement
from grants.rules.values import GrantEventKind


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
    kind: GrantEventKind
    nature: Nature
    was_on: datetime.date | None
    was: Decimal
    on: datetime.date | None
    now: Decimal

    @property
    def day(self) -> datetime.date:
        """The day of the event: as it was shown, or the new one of an event that was added."""
        day = self.was_on or self.on
        assert day is not None
        return day

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
    differences = []
    for old in was.projects:
        new = today.get(old.project.pk)
        changes = _changes(old, new) if events else ()
        figures = _figures(old, new)
        if figures or changes:
            differences.append(ProjectDifference(old.project.slug, old.project.name, figures, changes))
    return tuple(differences)


def _figures(old: ProjectStatement, new: ProjectStatement | None) -> tuple[FigureChange, ...]:
    changes = (
        FigureChange(figure, figure.of(old), figure.of(new) if new else figure.zero) for figure in FIGURES
    )
    return tuple(change for change in changes if change.was != change.now)


def _changes(old: ProjectStatement, new: ProjectStatement | None) -> tuple[Change, ...]:
    """By day, then pseudonym: every event that one side has and the other has not, or has otherwise."""
    before = {(line.course_public_id, line.event.kind): line for line in old.lines}
    after = {(line.course_public_id, line.event.kind): line for line in new.lines} if new else {}
    changes = [_change(before.get(key), after.get(key)) for key in {**before, **after}]
    return tuple(
        sorted((change for change in changes if change), key=lambda item: (item.day, item.citizen, item.kind))
    )


def _change(was: Line | None, now: Line | None) -> Change | None:
    line = was or now
    assert line is not None
    if was and now:
        if (was.event.on, was.event.amount) == (now.event.on, now.event.amount):
            return None
        nature = Nature.MOVED
    else:
        nature = Nature.REMOVED if was else Nature.ADDED
    return Change(
        citizen=line.citizen,
        citizen_public_id=line.who.public_id,
        course_public_id=line.course_public_id,
        kind=line.event.kind,
        nature=nature,
        was_on=was.event.on if was else None,
        was=was.event.amount if was else ZERO,
        on=now.event.on if now else None,
        now=now.event.amount if now else ZERO,
    )
