"""The form of the start: the vacant functions, with each person's caseload beside the name (D8)."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from cases.actions.functions import AssignmentResult
from cases.actions.start import fill_vacant_functions
from cases.forms.course_form import CourseFormMixin
from cases.forms.default_team import people_by_function
from cases.models import CourseFunction
from cases.presentation.start import caseloads
from jobfirst.kit.fields import DayField
from jobfirst.kit.forms import DateInput


class StartTeamForm(CourseFormMixin, forms.Form):
    """A person for each vacant function of the course."""

    title = gettext_lazy("Fill the functions")
    submit = gettext_lazy("Fill the functions")
    success = gettext_lazy("The functions are filled.")

    def __init__(
        self, *args: Any, functions: Sequence[CourseFunction], on: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.functions = functions
        people = people_by_function(self.course.project)
        self.users = {str(user.public_id): user for users in people.values() for user in users}
        counts = caseloads(self.users.values(), self.course.project_id, on)
        for function in functions:
            self.fields[function.value] = forms.ChoiceField(
                label=function.label,
                choices=[
                    ("", _("Choose a person")),
                    *((str(user.public_id), _with_caseload(user, counts)) for user in people[function]),
                ],
                required=False,
            )
        self.fields["from_on"] = DayField(
            label=_("From"), widget=DateInput, initial=max(on, self.course.started_on)
        )

    def clean(self) -> dict[str, Any]:
        """Require at least one person."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.functions and not any(data.get(function.value) for function in self.functions):
            raise forms.ValidationError(_("Choose at least one person."), code="nobody")
        return data

    def save(self, *, by: User, today: datetime.date) -> list[AssignmentResult]:
        """Fill the functions for which somebody is chosen, all in one."""
        data = self.cleaned_data
        people = {
            function.value: self.users[data[function.value]]
            for function in self.functions
            if data[function.value]
        }
        return fill_vacant_functions(self.course, people, from_on=data["from_on"], by=by)


def _with_caseload(user: User, counts: dict[int, int]) -> str:
    """Return the name with the number of running courses."""
    count = counts.get(user.pk, 0)
    words = ngettext("%(count)d running course", "%(count)d running courses", count) % {"count": count}
    return f"{user} ({words})"
