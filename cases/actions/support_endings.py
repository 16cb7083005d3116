"""Efforts, accommodations and pauses that run when a course ends: each has a last day of its own (D41)."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.actions.checks import changed, refuse
from cases.actions.corrections import check_constraints_with
from cases.extension_points import CourseEnding, RunningThing
from cases.models import Accommodation, Course, CoursePause, ParallelEffort
from cases.rules.course_end import EndMode
from jobfirst import clock

Spell = ParallelEffort | Accommodation | CoursePause


@dataclass(frozen=True)
class SpellEnding:
    """How rows with a first and a last day end with a course: their model and its two fields."""

    model: type[Any]
    first: str
    last: str
    label: Callable[[Any], str]
    default: EndMode
    kept_of_unbegun: tuple[str, ...] = ()  # fields of a row that is removed when it would begin later

    def running(self, course: Course) -> list[RunningThing]:
        """Return the rows that are not over, the first one first."""
        rows = self.model.objects.filter(course=course).order_by(self.first, "pk")
        return [
            RunningThing(
                key=str(row.public_id),
                label=self.label(row),
                first=getattr(row, self.first),
                last=getattr(row, self.last),
                default=self.default,
            )
            for row in rows
            if getattr(row, self.last) is None or getattr(row, self.last) >= clock.today()
        ]

    def end(self, course: Course, key: str, last: datetime.date, by: User | None) -> dict[str, Any] | None:
        """Give the row this last day, unless it has an earlier one; refused before its first day."""
        row = self.model.objects.filter(course=course, public_id=key).first()
        planned = None if row is None else getattr(row, self.last)
        if row is None or (planned is not None and planned <= last):
            return None
        if last < getattr(row, self.first):
            if self.kept_of_unbegun:
                return self._remove(row)
            raise refuse("last", _("The last day must not be before the start."), "before_start")
        changed(row, {self.last: last})
        return {"version": row.version, "before": None if planned is None else planned.isoformat()}

    def _remove(self, row: Any) -> dict[str, Any]:
        """Delete a row that would begin after its course; return what makes it again."""
        values = {name: getattr(row, name) for name in self.kept_of_unbegun}
        row.delete()
        plain = {name: str(day) if isinstance(day, datetime.date) else day for name, day in values.items()}
        return {"removed": plain}

    def restore(self, course: Course, effect: Mapping[str, Any]) -> bool:
        """Give the row the last day back that it had, or make it again.

        Not when somebody has changed it since, or another one has its days.
        """
        if "removed" in effect:
            row = self.model(course=course, public_id=effect["key"])
            values = {name: self._read(name, value) for name, value in effect["removed"].items()}
        else:
            row = self.model.objects.filter(course=course, public_id=effect["key"]).first()
            if row is None or row.version != effect["version"]:
                return False
            values = {self.last: self._read(self.last, effect["before"])}
        try:
            check_constraints_with(row, values)
        except ValidationError:
            return False
        if "removed" in effect:
            self.model.objects.create(course=course, public_id=effect["key"], **values)
        else:
            changed(row, values)
        return True

    def _read(self, name: str, value: Any) -> Any:
        field = self.model._meta.get_field(name.removesuffix("_id"))
        return value if field.is_relation else field.to_python(value)

    def as_ending(self, code: str, title: Any, order: int) -> CourseEnding:
        """Return it as the extension point takes it."""
        return CourseEnding(code, title, self.running, self.end, self.restore, order=order)


EFFORTS = SpellEnding(
    ParallelEffort,
    "starts_on",
    "ends_on",
    lambda effort: f"{effort.get_kind_display()}: {effort.description}",
    EndMode.GOES_ON,  # others give it, and it need not end with the course
)
ACCOMMODATIONS = SpellEnding(
    Accommodation, "from_on", "until_on", lambda row: str(row.description), EndMode.GOES_ON
)
PAUSES = SpellEnding(
    CoursePause,
    "starts_on",
    "ends_on",
    lambda pause: _("Pause: %(kind)s") % {"kind": pause.get_kind_display().lower()},
    EndMode.WITH_COURSE,
    kept_of_unbegun=("kind", "starts_on", "ends_on", "reason", "suspended", "registered_by_id"),
)

ENDINGS = (
    EFFORTS.as_ending("effort", gettext_lazy("Parallel efforts"), 110),
    ACCOMMODATIONS.as_ending("accommodation", gettext_lazy("Accommodations"), 120),
    PAUSES.as_ending("pause", gettext_lazy("Pauses"), 130),
)
