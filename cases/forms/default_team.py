"""The default team of a project: who gets the functions of a new course (D43)."""

import datetime
import json
from collections import defaultdict
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership, Municipality, Project, User
from cases.actions.default_team import TeamPlace, set_default_team, stored_team
from cases.models import CourseFunction
from jobfirst.kit.editing import EditFormMixin
from jobfirst.values import text_limits


class DefaultTeamForm(EditFormMixin, forms.Form):
    """A holder for each of the four functions, in each municipality of the project."""

    title = gettext_lazy("Default team")
    intro = gettext_lazy(
        "A new course gets its functions from here on the day of the draw. Whoever referred the citizen "
        "stays coordinating caseworker. Who is absent that day is left out: the function is then vacant."
    )
    success = gettext_lazy("The default team is saved.")

    seen = forms.CharField(max_length=text_limits.SECTION, widget=forms.HiddenInput)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.municipalities = list(project.municipalities.order_by("name"))
        team = stored_team(project)
        people = people_by_function(project)
        self.users = {str(user.public_id): user for users in people.values() for user in users}
        self.fields["seen"].initial = json.dumps(
            {place_key(place): str(user.public_id) for place, user in team.items()}, sort_keys=True
        )
        for municipality in self.municipalities:
            for function in CourseFunction:
                place = TeamPlace(municipality.pk, str(function))
                member = team.get(place)
                self.fields[place_key(place)] = forms.ChoiceField(
                    label=function.label,
                    choices=[
                        ("", _("Nobody")),
                        *((str(user.public_id), user.name) for user in people[function]),
                    ],
                    initial=str(member.public_id) if member else "",
                    required=False,
                )

    @property
    def bound_municipalities(self) -> list[tuple[Municipality, list[BoundField]]]:
        """The municipalities with their fields, for the template."""
        return [
            (
                municipality,
                [self[place_key(TeamPlace(municipality.pk, function))] for function in CourseFunction.values],
            )
            for municipality in self.municipalities
        ]

    def clean_seen(self) -> dict[str, str]:
        """Return who filled the places when the form was opened."""
        try:
            seen = json.loads(self.cleaned_data["seen"])
        except (ValueError, RecursionError):
            seen = None
        if not isinstance(seen, dict):
            raise forms.ValidationError(_("Open the page again."))
        return seen

    def save(self, *, by: User, today: datetime.date) -> int:
        """Store the team."""
        places = [
            TeamPlace(municipality.pk, function)
            for municipality in self.municipalities
            for function in CourseFunction.values
        ]
        seen = self.cleaned_data["seen"]
        return set_default_team(
            self.project,
            {place: self.users.get(self.cleaned_data[place_key(place)]) for place in places},
            seen={place: seen.get(place_key(place)) for place in places},
        )


def place_key(place: TeamPlace) -> str:
    """Return the name of the place's field."""
    return f"{place.municipality}-{place.function}"


def people_by_function(project: Project) -> dict[str, list[User]]:
    """Return who can fill a function of the project, by name."""
    memberships = Membership.objects.filter(
        project=project, role__in=CourseFunction.values, user__is_active=True
    )
    people: dict[str, list[User]] = defaultdict(list)
    for membership in memberships.select_related("user").order_by("user__name", "user__email"):
        people[membership.role].append(membership.user)
    return people
