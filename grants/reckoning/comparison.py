"""The differences between a draft that was shown and a later reckoning: events added, removed, moved."""

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from grants.reckoning.figures import FIGURES, Amount, StatementFigure
from grants.reckoning.statement import ZERO, EventLine, ProjectStatement, StatementView
from grants.rules.values import GrantEventKind


class ChangeNature(StrEnum):
    """How an event differs."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class EventChange:
    """One event that differs: then and now, None and zero where it is missing. Amounts in kroner."""

    pseudonym: str
    citizen_public_id: uuid.UUID
    course_public_id: uuid.UUID
    kind: GrantEventKind
    nature: ChangeNature
    was_on: datetime.date | None
    was: Decimal
    on: datetime.date | None
    now: Decimal

    @property
    def day(self) -> datetime.date:
        """The day of the event as it was shown; of an added event its new day."""
        day = self.was_on or self.on
        assert day is not None
        return day

    @property
    def amount(self) -> Decimal:
        """The difference in kroner."""
        return self.now - self.was


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure then and now."""

    figure: StatementFigure
    was: Amount
    now: Amount


@dataclass(frozen=True, slots=True)
class ProjectDifference:
    """The differences in one project, with the slug and name that it had when it was shown."""

    slug: str
    name: str
    figures: tuple[FigureChange, ...]
    changes: tuple[EventChange, ...]


def compare_statements(
    was: StatementView, now: StatementView, *, events: bool
) -> tuple[ProjectDifference, ...]:
    """Return the projects of `was` that differ from the same projects of `now`.

    Without `events` only figures are compared. A project that `now` does not have is compared with nothing.
    """
    statements_now = {item.project.pk: item for item in now.projects}
    differences = []
    for old in was.projects:
        new = statements_now.get(old.project.pk)
        changes = _event_changes(old, new) if events else ()
        figures = _figure_changes(old, new)
        if figures or changes:
            differences.append(ProjectDifference(old.project.slug, old.project.name, figures, changes))
    return tuple(differences)


def _figure_changes(old: ProjectStatement, new: ProjectStatement | None) -> tuple[FigureChange, ...]:
    changes = (
        FigureChange(figure, figure.of(old), figure.of(new) if new else figure.zero) for figure in FIGURES
    )
    return tuple(change for change in changes if change.was != change.now)


def _event_changes(old: ProjectStatement, new: ProjectStatement | None) -> tuple[EventChange, ...]:
    """Return the events that differ, in order of day, pseudonym and kind."""
    before = {(line.course_public_id, line.event.kind): line for line in old.lines}
    after = {(line.course_public_id, line.event.kind): line for line in new.lines} if new else {}
    changes = [_event_change(before.get(key), after.get(key)) for key in {**before, **after}]
    return tuple(
        sorted(
            (change for change in changes if change),
            key=lambda change: (change.day, change.pseudonym, change.kind),
        )
    )


def _event_change(was: EventLine | None, now: EventLine | None) -> EventChange | None:
    line = was or now
    assert line is not None
    if was and now:
        if (was.event.on, was.event.amount) == (now.event.on, now.event.amount):
            return None
        nature = ChangeNature.MOVED
    else:
        nature = ChangeNature.REMOVED if was else ChangeNature.ADDED
    return EventChange(
        pseudonym=line.pseudonym,
        citizen_public_id=line.citizen.public_id,
        course_public_id=line.course_public_id,
        kind=line.event.kind,
        nature=nature,
        was_on=was.event.on if was else None,
        was=was.event.amount if was else ZERO,
        on=now.event.on if now else None,
        now=now.event.amount if now else ZERO,
    )
