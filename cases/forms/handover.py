"""The form that hands over all courses of one person (D8), with their notes (D57)."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Membership, User
from cases import actions
from cases.actions.duties import held_from
from cases.forms.handover_note import NOTE_LABELS, note_field
from cases.models import CourseFunction, FunctionHolding
from jobfirst.kit.confirmations import ConfirmationsMixin
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField
from jobfirst.kit.forms import DateInput
from jobfirst.values.danish_order import danish_key

AS_ABOVE, STAYS = "", "stays"


@dataclass(frozen=True)
class HandoverRow:
    """A function that the person holds; `key` is the name of its field."""

    key: str
    holding: FunctionHolding

    @property
    def label(self) -> str:
        """The citizen and the function."""
        return f"{self.holding.course.citizen_name}, {CourseFunction(self.holding.function).label}"

    def note_key(self, part: str) -> str:
        """Return the name of the field of a part of the note."""
        return f"{part}-{self.key}"


class HandOverForm(ConfirmationsMixin, EditFormMixin, forms.Form):
    """All running courses of one person in some projects, divided among colleagues from one day on.

    A row without a choice follows the field at the top. A row without a hand-over note must be confirmed.
    """

    submit = gettext_lazy("Hand over")

    from_on = DayField(
        label=gettext_lazy("From"),
        widget=DateInput,
        help_text=gettext_lazy("The first day of the new holders."),
    )
    to_all = forms.ChoiceField(
        label=gettext_lazy("All to"),
        required=False,
        help_text=gettext_lazy("Holds for every row below in which nobody is chosen."),
    )

    def __init__(
        self, *args: Any, person: User, projects: Collection[int], today: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.title = _("Hand over the courses of %(name)s") % {"name": person}
        self.rows = _rows(person, projects, today)
        self.colleagues = _colleagues(person, projects)
        everybody = {user.public_id: user for users in self.colleagues.values() for user in users}
        self.users = {str(public_id): user for public_id, user in everybody.items()}
        self.fields["to_all"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", _("Nobody")),
            *(
                (key, user.name)
                for key, user in sorted(self.users.items(), key=lambda item: danish_key(item[1].name))
            ),
        ]
        for row in self.rows:
            self._add_row(row)

    def _add_row(self, row: HandoverRow) -> None:
        able = self.colleagues.get((row.holding.course.project_id, row.holding.function), [])
        choices = [
            (AS_ABOVE, _("As chosen at the top")),
            (STAYS, _("Stays with %(name)s") % {"name": self.person}),
            *((str(user.public_id), user.name) for user in able),
        ]
        self.fields[row.key] = forms.ChoiceField(label=row.label, choices=choices, required=False)
        for part, label in NOTE_LABELS.items():
            self.fields[row.note_key(part)] = note_field(part, f"{label}: {row.label}")

    @property
    def bound_rows(self) -> list[tuple[HandoverRow, BoundField, list[tuple[str, BoundField]]]]:
        """The rows with their fields, for the template: the successor, and the parts of the note."""
        return [
            (
                row,
                self[row.key],
                [(str(label), self[row.note_key(part)]) for part, label in NOTE_LABELS.items()],
            )
            for row in self.rows
        ]

    @property
    def bound_confirmations(self) -> list[BoundField]:
        """The confirmation that is asked for, for the template."""
        return [self[name] for name in self.confirmations]

    def clean(self) -> dict[str, Any]:
        """Collect the lines; require at least one, and the confirmation of those without a note."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.lines = [line for row in self.rows if (line := self._line(row, cleaned))]
        if self.errors:
            return cleaned
        if not self.lines:
            self.add_error("to_all", _("Choose who takes over, here or in at least one row."))
            return cleaned
        labels = {row.key: row.label for row in self.rows}
        missing = [labels[line.key] for line in self.lines if line.note.is_empty]
        if missing:
            self._confirm_without_note(missing)
        return cleaned

    def _line(self, row: HandoverRow, cleaned: dict[str, Any]) -> actions.HandoverLine | None:
        chosen = cleaned.get(row.key) or cleaned.get("to_all", "")
        if not chosen or chosen == STAYS:
            return None
        note = actions.NoteText(**{part: cleaned.get(row.note_key(part), "") for part in NOTE_LABELS})
        course = row.holding.course
        return actions.HandoverLine(row.key, course, row.holding.function, self.users[chosen], note)

    def _confirm_without_note(self, missing: list[str]) -> None:
        name = f"without_note_{len(missing)}"
        label = ngettext(
            "Yes, %(count)d function is handed over without a note",
            "Yes, %(count)d functions are handed over without a note",
            len(missing),
        )
        self.add_confirmation(name, label % {"count": len(missing)})
        if not self.data.get(name):
            message = _("The hand-over note is missing: %(rows)s. Write it, or tick the box.")
            self.add_error(name, message % {"rows": "; ".join(missing)})

    def save(self, *, by: User, today: datetime.date) -> int:
        """Hand over."""
        return actions.hand_over(self.person, self.lines, from_on=self.cleaned_data["from_on"], by=by)

    def success_message(self, saved: int) -> str:
        """Say how many functions."""
        return ngettext(
            "%(count)d function is handed over.", "%(count)d functions are handed over.", saved
        ) % {"count": saved}


def _rows(person: User, projects: Collection[int], today: datetime.date) -> list[HandoverRow]:
    """Return the functions that the person holds today or later in the projects, by project and citizen."""
    holdings = (
        held_from(today)
        .filter(user=person, course__project__in=projects)
        .select_related("course__citizen", "course__referral", "course__project", "course__municipality")
        .order_by("course__project__name", "course__referral__name", "course_id", "function", "from_on")
    )
    rows: dict[str, HandoverRow] = {}
    for holding in holdings:
        key = f"to-{holding.course.public_id}-{holding.function}"
        rows.setdefault(key, HandoverRow(key, holding))
    return list(rows.values())


def _colleagues(person: User, projects: Collection[int]) -> dict[tuple[int, str], list[User]]:
    """Return who can take over, by project and function, by name."""
    memberships = (
        Membership.objects.filter(project__in=projects, role__in=CourseFunction.values, user__is_active=True)
        .exclude(user=person)
        .select_related("user")
        .order_by("user__name", "user__email")
    )
    able: dict[tuple[int, str], list[User]] = defaultdict(list)
    for membership in memberships:
        if membership.project_id is not None:
            able[membership.project_id, membership.role].append(membership.user)
    return able
