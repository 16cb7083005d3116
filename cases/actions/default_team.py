"""The default team of a project's municipalities: who gets the functions of a new course (D43)."""

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Project, User
from cases.models import DefaultTeamMember


class TeamPlace(NamedTuple):
    """A function in a municipality of the project."""

    municipality: str  # the code
    function: str


#: Who fills which place; None: nobody does.
Team = Mapping[TeamPlace, User | None]


class DefaultTeams:
    """The teams of a project's municipalities on a day, fetched once per day (D43).

    Without those who are absent on the day, have lost the role or the account: their function stays vacant.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._by_day: dict[datetime.date, dict[str, dict[str, User]]] = {}

    def on(self, day: datetime.date, municipality: str | None) -> dict[str, User]:
        """Return the members of the municipality's team by function."""
        if day not in self._by_day:
            teams: dict[str, dict[str, User]] = {}
            members = DefaultTeamMember.objects.able_on(day).filter(project=self.project)
            for member in members.select_related("user"):
                teams.setdefault(member.municipality_id, {})[member.function] = member.user
            self._by_day[day] = teams
        return self._by_day[day].get(municipality or "", {})


def stored_team(project: Project) -> dict[TeamPlace, User]:
    """Return the members of the project's default teams by place."""
    members = DefaultTeamMember.objects.filter(project=project).select_related("user")
    return {TeamPlace(member.municipality_id, member.function): member.user for member in members}


@transaction.atomic
def set_default_team(project: Project, team: Team, *, seen: Mapping[TeamPlace, str | None]) -> int:
    """Store who fills the places; return how many have changed.

    `seen` is who filled each place (public ids) when the form was opened: ValidationError when somebody has
    changed it meanwhile. ValidationError keyed by "municipality-function" for somebody without the role.
    """
    project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    before = stored_team(project)
    stored = {place: str(user.public_id) for place, user in before.items()}
    if any(stored.get(place) != public_id for place, public_id in seen.items()):
        raise ValidationError(
            _("Somebody else has changed the default team meanwhile. Open the page again."), code="stale"
        )
    errors = {
        f"{place.municipality}-{place.function}": ValidationError(
            _("The person does not have that role in the project."), code="without_role"
        )
        for place, user in team.items()
        if user and not (user.is_active and user.has_role(place.function, project_id=project.pk))
    }
    if errors:
        raise ValidationError(dict(errors))
    changes = {place: user for place, user in team.items() if before.get(place) != user}
    for place, user in changes.items():
        members = DefaultTeamMember.objects.filter(
            project=project, municipality=place.municipality, function=place.function
        )
        if user is None:
            members.delete()
        elif not members.update(user=user):
            DefaultTeamMember.objects.create(
                project=project, municipality_id=place.municipality, function=place.function, user=user
            )
    return len(changes)


def leave_default_teams(user: User, *, project: Project | None, function: str | None) -> None:
    """Take a user out of the default teams (of the project and function, None: of all)."""
    members = DefaultTeamMember.objects.filter(user=user)
    if project is not None:
        members = members.filter(project=project)
    if function is not None:
        members = members.filter(function=function)
    members.delete()
