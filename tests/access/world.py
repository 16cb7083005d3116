"""The small trial that the table is tried on: two projects, one person per role, one of each thing.

The courses of `own` are held by the people in `users`, those of `same` by colleagues in their project,
those of `other` by people of another project. `ids[kind][relation]` is what stands in an address.
"""

import datetime
import uuid
from dataclasses import dataclass, field

from django.test import Client

from accounts.models import Project, User
from accounts.roles import Role
from cases.models import Accommodation, CourseFunction, FunctionHolding, ParallelEffort, UncoveredNeed
from grants.models import ShowingChannel, SnapshotKind
from grants.reckoning import national
from grants.reckoning.compute import compute
from grants.storage import snapshots
from jobfirst import clock
from plans.models import ActivityLine
from tests.access.table import FUNCTIONS, SIGNED_IN, STAFF
from tests.factories import (
    AllocationFactory,
    CompanyContactFactory,
    CourseFactory,
    FollowUpMeetingFactory,
    MentorContactFactory,
    PlacementFactory,
    PlanForJobFactory,
    ProjectFactory,
    UserFactory,
    WorkAgreementFactory,
)
from tests.grants.factories import DocumentFactory, StatementFactory, VoucherFactory

# One of each on every course.
ON_A_COURSE = {
    "contact": MentorContactFactory,
    "meeting": FollowUpMeetingFactory,
    "need": lambda course: UncoveredNeed.objects.create(
        course=course, description="Bolig", noted_on=course.started_on
    ),
    "effort": lambda course: ParallelEffort.objects.create(
        course=course, kind="health", description="x", coordinator="y", starts_on=course.started_on
    ),
    "accommodation": lambda course: Accommodation.objects.create(
        course=course, description="Pauser", from_on=course.started_on
    ),
}


def _activity(course):
    return ActivityLine.objects.create(
        course=course,
        kind="visit",
        what="Rundvisning",
        who="Mentor",
        starts_on=course.started_on,
        ends_on=course.started_on,
    )


ON_A_COURSE |= {
    "placement": PlacementFactory,
    "agreement": lambda course: WorkAgreementFactory(placement__course=course),
    "activity": _activity,
    "plan": lambda course: PlanForJobFactory(course=course, made_on=course.started_on),
}

NOBODY = uuid.UUID("00000000-0000-4000-8000-000000000000")


@dataclass
class World:
    users: dict[str, object]
    clients: dict[str, Client]
    ids: dict[str, dict[str, object]] = field(default_factory=dict)

    def add(self, kind: str, **by_relation: object) -> None:
        """Make things of this kind known: one for each of own, same and other (models, or their ids)."""
        self.ids[kind] = {"nonexistent": "nowhere" if kind == "project" else NOBODY} | {
            relation: getattr(thing, "public_id", thing) for relation, thing in by_relation.items()
        }


def _shown(world: World, projects: dict[str, list[Project]], user: User) -> None:
    """What was shown of one project, a year each; and overviews of one's own, of both, and of another's."""
    here, elsewhere = projects["own"], projects["other"]
    of_one, of_all = {}, {}
    both = {"own": here, "same": [*here, *elsewhere], "other": elsewhere}
    for year, relation in enumerate(projects, start=2016):
        day = datetime.date(year, 12, 31)
        draft = compute(year, day, projects[relation], with_spells=True)
        of_one[relation] = snapshots.save(draft, SnapshotKind.PROJECT, ShowingChannel.PAGE, user, clock.now())
        draft = national.figures(year, day, both[relation])
        of_all[relation] = snapshots.save(
            draft, SnapshotKind.OVERVIEW, ShowingChannel.PAGE, user, clock.now()
        )
    world.add("snapshot", **of_one)
    world.add("overview", **of_all)


def build() -> World:
    """Make the world in the database (the caller throws the database away)."""
    here, elsewhere = ProjectFactory(), ProjectFactory()
    users = {role: UserFactory(project=here, roles=[role], name=f"Person {role}") for role in SIGNED_IN}
    world = World(users, {"anonymous": Client()} | {role: Client() for role in SIGNED_IN})
    for role, user in users.items():
        world.clients[role].force_login(user)
    colleague = UserFactory(project=here, roles=STAFF)
    stranger = UserFactory(project=elsewhere, roles=STAFF)
    own = CourseFactory(project_for=here)
    for function in FUNCTIONS:
        FunctionHolding.objects.create(
            course=own, function=CourseFunction(function), user=users[function], from_on=own.started_on
        )
    courses = {
        "own": own,
        "same": CourseFactory(project_for=here, holders=colleague),
        "other": CourseFactory(project_for=elsewhere, holders=stranger),
    }
    for course in courses.values():
        AllocationFactory(referral=course.referral)
    world.add("course", **courses)
    world.add("project_course", **courses)
    for kind, make in ON_A_COURSE.items():
        world.add(kind, **{relation: make(course=course) for relation, course in courses.items()})
    contacts = {relation: CompanyContactFactory() for relation in courses}
    world.add("company_contact", **contacts)
    world.add("company", **{relation: contact.company.cvr for relation, contact in contacts.items()})
    world.add("referral", **{relation: course.referral for relation, course in courses.items()})
    world.add("user", own=users[Role.MENTOR], same=colleague, other=stranger)
    world.add("project", own=here.slug, same=here.slug, other=elsewhere.slug)
    half = datetime.date(2016, 6, 30)
    world.add(
        "statement",
        same=StatementFactory(project=here, cut_off=half, state="approved"),
        own=StatementFactory(project=here, state="submitted"),
        other=StatementFactory(project=elsewhere, state="submitted"),
    )
    world.add(
        "voucher",
        own=VoucherFactory(project=here),
        same=VoucherFactory(project=here),
        other=VoucherFactory(project=elsewhere),
    )
    _shown(world, {"own": [here], "same": [here], "other": [elsewhere]}, users["agency"])
    leaders = {"own": users[Role.PROJECT_LEADER], "same": colleague, "other": stranger}
    world.add(
        "document",
        **{relation: DocumentFactory(is_made=True, requested_by=who) for relation, who in leaders.items()},
    )
    return world
