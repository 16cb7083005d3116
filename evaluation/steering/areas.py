"""Which areas of the steering group have a member, and which lack one."""

import datetime
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from evaluation.steering.models import REQUIRED_AREAS, SteeringArea, SteeringMember

#: What is said of an area without a member.
MISSING_WORDS: dict[str, str | Promise] = {
    SteeringArea.PROJECT_LEADER: _("The project leader is missing"),
    SteeringArea.PROJECT_STAFF: _("Somebody of the project's staff is missing"),
    SteeringArea.JOBCENTRE_MANAGEMENT: _("A leader of the jobcentre is missing"),
    SteeringArea.SOCIAL_MANAGEMENT: _("A leader of the social department is missing"),
    SteeringArea.HEALTH_MANAGEMENT: _("A leader of the health department is missing"),
}


class AreaMembers(NamedTuple):
    """The members of an area; `missing` says in words that it has none and must have one."""

    area: SteeringArea
    members: Sequence[SteeringMember]
    missing: str | Promise


def missing_areas(members: Iterable[SteeringMember]) -> list[str]:
    """Return the codes of the areas that must have a member and have none of these."""
    filled = {member.area for member in members}
    return [str(area.value) for area in REQUIRED_AREAS if area not in filled]


def all_members(project: Project) -> list[SteeringMember]:
    """Return everybody who is, was or will be in the group, by name; one query."""
    members = SteeringMember.objects.filter(project=project).select_related("user")
    return list(members.order_by("name", "pk"))


def members_on(members: Iterable[SteeringMember], *days: datetime.date) -> list[SteeringMember]:
    """Return those who belong to the group on any of the days."""
    return [member for member in members if any(day in member.span for day in days)]


def members_by_area(
    project: Project, on: datetime.date, known: Iterable[SteeringMember] | None = None
) -> list[AreaMembers]:
    """Return the group of the project on the day, area by area; "other" only when somebody is in it.

    One query without the `known` members.
    """
    members = members_on(all_members(project) if known is None else known, on)
    missing = missing_areas(members)
    groups = []
    for area in SteeringArea:
        of_area = [member for member in members if member.area == area]
        if of_area or area in REQUIRED_AREAS:
            words = MISSING_WORDS[area] if area in missing else ""
            groups.append(AreaMembers(area, of_area, words))
    return groups


def missing_words(codes: Iterable[str]) -> list[str | Promise]:
    """Return what is said of areas without a member, by their codes."""
    return [MISSING_WORDS[code] for code in codes if code in MISSING_WORDS]
