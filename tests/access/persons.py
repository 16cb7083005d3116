"""Persons whom the table of addresses does not have: two roles in two projects, and rights with an end.

For each relation of the table it is said as whom the person counts there: a role, with a relation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.models import Membership, Project, User
from accounts.roles import Role
from cases.models import Course
from tests.access.addresses import KINDS, Address

#: A role of the table, and the relation in which it stands to the thing there.
Standing = tuple[str, str]

#: Who sees a course sees it, and all that belongs to it, in the same way.
OF_A_COURSE = {kind for kind, roles in KINDS.items() if roles is KINDS["course"]}
#: They belong to no project: a role anywhere counts.
OF_ALL_PROJECTS = {kind for kind, roles in KINDS.items() if roles.get("own") == roles.get("other")}
#: They are somebody's own, and no person here is that one.
PERSONAL = {"document", "absentee", "absence", "colleague"}


@dataclass(frozen=True)
class Person:
    """A user, and as whom the user counts for the things of each relation."""

    user: User
    standings: Mapping[str, Sequence[Standing]]

    @property
    def roles(self) -> set[str]:
        return {role for standings in self.standings.values() for role, _relation in standings}

    def standings_to(self, kind: str, relation: str) -> list[Standing]:
        """Return as whom the user counts for a thing; a role anywhere, where things belong to no project."""
        if kind in OF_ALL_PROJECTS:
            return [(role, relation) for role in sorted(self.roles)]
        return list(self.standings[relation])


def expected_of(person: Person, address: Address, method: str, relation: str) -> str | int:
    """Return what the table says of the person's roles together: "let in", 403 or 404."""
    allowed = address.roles_by_method[method]
    if not address.kinds:
        return "let in" if person.roles & allowed else 403
    if address.permission_first and not person.roles & allowed:
        return 403
    kind = address.kinds[0]
    seen_as = [
        role
        for role, standing in person.standings_to(kind, relation)
        if role in KINDS[kind].get(standing, ())
    ]
    if not seen_as:
        return 404
    return "let in" if set(seen_as) & allowed else 403


def is_spoken_for(person: Person, address: Address) -> bool:
    """Whether the table makes no exception for one of the person's roles, and the thing is nobody's own."""
    exceptions = {role for _method, role, _relation in address.but}
    return (
        not address.is_public and not exceptions & person.roles and not PERSONAL.intersection(address.kinds)
    )


def project_of(course_id: object) -> Project:
    """Return the project of a course by its public id."""
    return Course.objects.get(public_id=course_id).project


def with_role(user: User, role: str, project: Project | None) -> User:
    """Give the user another role, and return the user without what a request remembers."""
    Membership.objects.create(user=user, role=role, project=project)
    return User.objects.get(pk=user.pk)


def mentor_here_and_leader_there(two_projects) -> Person:
    """The mentor of `own`, who leads the other project."""
    other = project_of(two_projects.ids["course"]["other"])
    user = with_role(two_projects.users[Role.MENTOR], Role.PROJECT_LEADER, other)
    return Person(
        user,
        {
            "own": [("mentor", "own")],
            "same": [("mentor", "same")],
            "other": [("project_leader", "own")],
        },
    )


def leader_here_and_caseworker_there(two_projects) -> Person:
    """The leader of the project, who refers citizens in the other one and holds no function there."""
    other = project_of(two_projects.ids["course"]["other"])
    user = with_role(two_projects.users[Role.PROJECT_LEADER], Role.COORDINATING_CASEWORKER, other)
    return Person(
        user,
        {
            "own": [("project_leader", "own")],
            "same": [("project_leader", "same")],
            "other": [("coordinating_caseworker", "same")],
        },
    )


def agency_and_mentor(two_projects) -> Person:
    """Somebody of the agency, who is a mentor in the project and holds no function."""
    project = project_of(two_projects.ids["course"]["own"])
    user = with_role(two_projects.users[Role.AGENCY], Role.MENTOR, project)
    return Person(
        user,
        {
            "own": [("agency", "own"), ("mentor", "same")],
            "same": [("agency", "same"), ("mentor", "same")],
            "other": [("agency", "other")],
        },
    )


TWO_ROLES = [mentor_here_and_leader_there, leader_here_and_caseworker_there, agency_and_mentor]
