"""Projects of the demo and their staff. None can be real: e-mail addresses end in `.invalid` (RFC 2606)."""

import csv
import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Membership, Project, ProjectMunicipality, User
from accounts.roles import Role
from demo.invented import impossible_phone, random_uuid
from demo.names import person_name

REFERENCE = Path(settings.BASE_DIR) / "jobfirst" / "reference" / "projects.csv"
STAFF = {
    Role.PROJECT_LEADER: 1,
    Role.COORDINATING_CASEWORKER: 2,
    Role.COURSE_OWNER: 2,
    Role.JOB_CONSULTANT: 2,
    Role.MENTOR: 4,
}
DANISH = {
    Role.PROJECT_LEADER: "projektleder",
    Role.COORDINATING_CASEWORKER: "sagsbehandler",
    Role.COURSE_OWNER: "forloebsansvarlig",
    Role.JOB_CONSULTANT: "jobkonsulent",
    Role.MENTOR: "mentor",
    Role.AGENCY: "star",
    Role.ADMINISTRATOR: "administrator",
}


@dataclass(frozen=True)
class Team:
    """A project with its staff by role and its municipalities' codes, the lead first."""

    project: Project
    codes: tuple[str, ...]
    staff: dict[str, list[User]]


def demo_projects(on: datetime.date) -> list[Project]:
    """Create the 13 reference projects, moved in time: from eleven months before `on`, for 22 months."""
    starts_on = on.replace(day=1) - relativedelta(months=11)
    ends_on = starts_on + relativedelta(months=22, days=-1)
    projects = []
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            project, _ = Project.objects.update_or_create(
                slug=row["project"],
                defaults={
                    "name": row["name"],
                    "starts_on": starts_on,
                    "ends_on": ends_on,
                    "target_count": int(row["target_count"]),
                },
            )
            for position, code in enumerate(row["municipality_codes"].split("+")):
                ProjectMunicipality.objects.get_or_create(
                    project=project, municipality_id=code, defaults={"is_lead": position == 0}
                )
            projects.append(project)
    return projects


def demo_teams(
    projects: list[Project], rng: random.Random, password: str, people_per_seat: int = 1
) -> list[Team]:
    """Create the staff of every project, two agency users and an administrator, all with `password`.

    `people_per_seat` multiplies the staff but for the leader, for trials larger than the real one.
    """
    hashed = make_password(password)
    users: list[User] = []
    memberships: list[Membership] = []

    def person(role: str, number: int, project: Project | None) -> User:
        place = f".{project.slug}" if project else ""
        user = User(
            public_id=random_uuid(rng),
            email=f"{DANISH[Role(role)]}{number}{place}@demo.invalid",
            name=person_name(len(users)),
            phone=impossible_phone(random.Random(len(users))),  # noqa: S311 - a demo
            password=hashed,
        )
        users.append(user)
        memberships.append(Membership(user=user, role=role, project=project))
        return user

    teams = []
    for project in projects:
        staff = {
            role: [person(role, number, project) for number in range(1, count + 1)]
            for role, count in _seats(people_per_seat)
        }
        codes = tuple(project.places.values_list("municipality_id", flat=True))
        teams.append(Team(project, codes, {str(role): people for role, people in staff.items()}))
    for number in (1, 2):
        person(Role.AGENCY, number, None)
    person(Role.ADMINISTRATOR, 1, None)
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(memberships)
    return teams


def _seats(people_per_seat: int) -> Iterator[tuple[str, int]]:
    for role, count in STAFF.items():
        yield role, count if role == Role.PROJECT_LEADER else count * people_per_seat
