"""Two projects with one user for each role and one of each kind of thing, for the tests of access.

The courses of `own` are held by the users in `users`, those of `same` by colleagues in their project, those
of `other` by people of another project. `ids[kind][relation]` is the id that stands in an address.
"""

import datetime
import uuid
from dataclasses import dataclass, field

from django.test import Client

from accounts.models import Absence, AccountRequest, Project, User
from accounts.roles import Role
from cases.models import (
    Accommodation,
    Course,
    CourseFunction,
    CoursePause,
    CvEntry,
    CvReview,
    FunctionHolding,
    ParallelEffort,
    ShutOut,
    UncoveredNeed,
)
from evaluation.models import Publication
from grants.models import ShowingChannel, SnapshotKind
from grants.reckoning.compute import compute
from grants.reckoning.overview import figures
from grants.storage import snapshots
from jobfirst import clock
from plans.models import ActivityLine
from reminders.models import Digest, DigestState
from rights.models import ErasureRun, LegalHold
from tests.access.addresses import FUNCTIONS, SIGNED_IN, STAFF
from tests.companies.annex.factories import (
    AnnexReplyFactory,
    ClosingAssessmentFactory,
    PlacementReportFactory,
)
from tests.companies.factories import (
    CompanyCallFactory,
    CompanyMergeFactory,
    CompanyNoteFactory,
    JobOpeningFactory,
    SuccessionFactory,
    WorkplaceFactory,
    WorkplaceMergeFactory,
)
from tests.companies.matching.factories import DialogueFactory
from tests.evaluation.factories import DeviationFactory
from tests.evaluation.steering_factories import SteeringDecisionFactory, at
from tests.factories import (
    AllocationFactory,
    CompanyContactFactory,
    CourseFactory,
    FollowUpMeetingFactory,
    MatchFactory,
    MeetingDecisionFactory,
    MentorContactFactory,
    PlacementFactory,
    PlanForJobFactory,
    ProjectFactory,
    UserFactory,
    WorkAgreementFactory,
)
from tests.grants.factories import DocumentFactory, StatementFactory, VoucherFactory
from tests.progression.factories import AnswerFactory, AnswerSheetFactory

# The things of a course, each with the function that makes one on a course.
THINGS_OF_A_COURSE = {
    "contact": MentorContactFactory,
    "meeting": FollowUpMeetingFactory,
    "promise": MeetingDecisionFactory,
    "need": lambda course: UncoveredNeed.objects.create(
        course=course, description="Bolig", noted_on=course.started_on
    ),
    "effort": lambda course: ParallelEffort.objects.create(
        course=course, kind="health", description="x", coordinator="y", starts_on=course.started_on
    ),
    "accommodation": lambda course: Accommodation.objects.create(
        course=course, description="Pauser", from_on=course.started_on
    ),
    "cv_entry": lambda course: CvEntry.objects.create(
        course=course, part="experience", position=1, title="Gartner"
    ),
    "cv_review": lambda course: CvReview.objects.create(course=course, seen_on=course.started_on),
    "pause": lambda course: CoursePause.objects.create(
        course=course, kind="illness", starts_on=course.started_on
    ),
    "match": MatchFactory,
    "placement": PlacementFactory,
    "dialogue": DialogueFactory,
    "dialogue_entry": lambda course: DialogueFactory(course=course).entries.get(),
    "agreement": lambda course: WorkAgreementFactory(placement__course=course),
    "report": lambda course: PlacementReportFactory(placement=course.placements.first()),
    "closing": lambda course: ClosingAssessmentFactory(placement=course.placements.first()),
    "annex_reply": lambda course: AnnexReplyFactory(placement=course.placements.first()),
    "activity": lambda course: ActivityLine.objects.create(
        course=course,
        kind="visit",
        what="Rundvisning",
        who="Mentor",
        starts_on=course.started_on,
        ends_on=course.started_on,
    ),
    "plan": lambda course: PlanForJobFactory(course=course, made_on=course.started_on),
    "answer_sheet": lambda course: AnswerSheetFactory(course=course),
    "answer": lambda course: AnswerFactory(sheet__course=course, sheet__finished=True),
}

NONEXISTENT_ID = uuid.UUID("00000000-0000-4000-8000-000000000000")


@dataclass
class TwoProjects:
    """The users and signed-in browsers by role, and the ids of things by kind and relation.

    An access record with an id above `last_record` is none of those that made them.
    """

    users: dict[str, User]
    clients: dict[str, Client]
    ids: dict[str, dict[str, object]] = field(default_factory=dict)
    last_record: int = 0

    def add(self, kind: str, **by_relation: object) -> None:
        """Add the things of a kind, one for each of own, same and other (models, or their ids)."""
        self.ids[kind] = {"nonexistent": "nowhere" if kind == "project" else NONEXISTENT_ID} | {
            relation: getattr(row, "public_id", row) for relation, row in by_relation.items()
        }


def build() -> TwoProjects:
    """Make the two projects in the database (the caller throws the database away)."""
    own_project, other_project = ProjectFactory(), ProjectFactory()
    users = {
        role: UserFactory(project=own_project, roles=[role], name=f"Person {role}") for role in SIGNED_IN
    }
    world = TwoProjects(users, {"anonymous": Client()} | {role: Client() for role in SIGNED_IN})
    for role, user in users.items():
        world.clients[role].force_login(user)
    colleague = UserFactory(project=own_project, roles=STAFF)
    stranger = UserFactory(project=other_project, roles=STAFF)
    courses = {
        "own": _course_of(users, own_project),
        "same": CourseFactory(project_for=own_project, holders=colleague),
        "other": CourseFactory(project_for=other_project, holders=stranger),
    }
    _add_courses(world, courses)
    _add_companies(world, {"own": own_project, "same": own_project, "other": other_project})
    people = {"own": users[Role.MENTOR], "same": colleague, "other": stranger}
    world.add("user", **people)
    world.add("account_request", **{relation: _role_asked(person) for relation, person in people.items()})
    world.add("dead_letter", **{relation: _dead_letter(person) for relation, person in people.items()})
    world.add("colleague", own=users[Role.MENTOR], same=colleague, other=stranger)
    world.add("absentee", own=users[Role.MENTOR], same=colleague, other=stranger)
    _add_absences(world, own=users[Role.MENTOR], same=colleague, other=stranger)
    world.add("project", own=own_project.slug, same=own_project.slug, other=other_project.slug)
    _add_statements(world, own_project, other_project)
    _add_steering_groups(world, own_project, other_project)
    _add_snapshots(world, {"own": [own_project], "same": [own_project], "other": [other_project]})
    leaders = {"own": users[Role.PROJECT_LEADER], "same": colleague, "other": stranger}
    documents = {
        relation: DocumentFactory(is_made=True, requested_by=leader) for relation, leader in leaders.items()
    }
    world.add("document", **documents)
    _add_erasure_runs(world, {"own": own_project, "same": own_project, "other": other_project})
    _add_holds_and_shut_outs(world, courses)
    Publication.objects.create(cut_off=clock.today().replace(day=1), smallest_count=5)
    return world


def _add_erasure_runs(world: TwoProjects, projects: dict[str, Project]) -> None:
    """Add a list of citizens to be erased for each relation, proposed by somebody else."""
    runs = {
        relation: ErasureRun.objects.create(
            project=project,
            on=clock.today(),
            content_hash="0" * 64,
            proposed_by=UserFactory(),
            proposed_at=clock.now(),
        )
        for relation, project in projects.items()
    }
    world.add("erasure_run", **runs)


def _add_holds_and_shut_outs(world: TwoProjects, courses: dict[str, Course]) -> None:
    """Add a hold of each citizen's data, and somebody who is nobody else here and may not see her."""
    somebody = UserFactory()
    holds, shut_outs = {}, {}
    for relation, course in courses.items():
        about = {"citizen": course.citizen, "reason": "Klage"}
        holds[relation] = LegalHold.objects.create(
            **about, project=course.project, kind="complaint", placed_by=somebody
        )
        shut_outs[relation] = ShutOut.objects.create(**about, user=somebody, shut_out_by=somebody)
    world.add("legal_hold", **holds)
    world.add("shut_out", **shut_outs)


def _role_asked(person: User) -> AccountRequest:
    """Make a role that waits for a second administrator."""
    return AccountRequest.objects.create(
        kind="role",
        person=person,
        role=Role.AGENCY,
        asked_by=person,
        expires_at=clock.now() + datetime.timedelta(days=7),
    )


def _dead_letter(recipient: User) -> Digest:
    """Make a digest that the mail server has refused for good."""
    return Digest.objects.create(
        recipient=recipient,
        on=datetime.date(2016, 4, 5),
        state=DigestState.DEAD,
        attempts=1,
        attempted_at=clock.now(),
        last_error="SMTPRecipientsRefused 550",
    )


def _add_absences(world: TwoProjects, **people: User) -> None:
    """Add an absence of each person, with a colleague as stand-in who is nobody else here."""
    absences = {}
    for relation, person in people.items():
        project = person.memberships.first().project
        absences[relation] = Absence.objects.create(
            user=person,
            project=project,
            stand_in=UserFactory(project=project, roles=FUNCTIONS),
            first_on=clock.today(),
            last_on=clock.today(),
        )
    world.add("absence", **absences)


def _course_of(users: dict[str, User], project: Project) -> Course:
    """Make a course of the project where each user holds the function of their role."""
    course = CourseFactory(project_for=project)
    for function in FUNCTIONS:
        FunctionHolding.objects.create(
            course=course, function=CourseFunction(function), user=users[function], from_on=course.started_on
        )
    return course


def _add_courses(world: TwoProjects, courses: dict[str, Course]) -> None:
    """Add the courses, drawn, with their referrals and one of each thing of a course."""
    for course in courses.values():
        AllocationFactory(referral=course.referral)
    deviations = {
        relation: DeviationFactory(allocation=course.citizen.allocation)
        for relation, course in courses.items()
    }
    world.add("deviation", **deviations)
    world.add("course", **courses)
    world.add("project_course", **courses)
    world.add("referral", **{relation: course.referral for relation, course in courses.items()})
    for kind, make in THINGS_OF_A_COURSE.items():
        world.add(kind, **{relation: make(course=course) for relation, course in courses.items()})


def _add_companies(world: TwoProjects, projects: dict[str, Project]) -> None:
    contacts = {relation: CompanyContactFactory(project=project) for relation, project in projects.items()}
    world.add("company_contact", **contacts)
    world.add("company", **{relation: contact.company.cvr for relation, contact in contacts.items()})
    companies = {relation: contact.company for relation, contact in contacts.items()}
    workplaces = {relation: WorkplaceFactory(company=company) for relation, company in companies.items()}
    world.add("workplace", **workplaces)
    factories = {
        "company_note": CompanyNoteFactory,
        "company_call": CompanyCallFactory,
        "job_opening": JobOpeningFactory,
    }
    for kind, make in factories.items():
        rows = {
            relation: make(company=companies[relation], project=projects[relation]) for relation in projects
        }
        world.add(kind, **rows)
    world.add("company_merge", **{relation: CompanyMergeFactory() for relation in contacts})
    world.add("workplace_merge", **{relation: WorkplaceMergeFactory() for relation in contacts})
    world.add("succession", **{relation: SuccessionFactory() for relation in contacts})


def _add_statements(world: TwoProjects, own_project: Project, other_project: Project) -> None:
    """Add grant statements and vouchers."""
    half_year = datetime.date(2016, 6, 30)
    world.add(
        "statement",
        same=StatementFactory(project=own_project, cut_off=half_year, state="approved"),
        own=StatementFactory(project=own_project, state="submitted"),
        other=StatementFactory(project=other_project, state="submitted"),
    )
    world.add(
        "voucher",
        own=VoucherFactory(project=own_project),
        same=VoucherFactory(project=own_project),
        other=VoucherFactory(project=other_project),
    )


def _add_steering_groups(world: TwoProjects, own_project: Project, other_project: Project) -> None:
    """Add a planned meeting of each steering group, with a decision in its draft and the owner of that."""
    decisions = {
        relation: SteeringDecisionFactory(meeting__project=project, meeting__planned_at=at(day))
        for relation, project, day in [
            ("own", own_project, datetime.date(2016, 6, 15)),
            ("same", own_project, datetime.date(2016, 9, 15)),
            ("other", other_project, datetime.date(2016, 6, 15)),
        ]
    }
    world.add("steering_decision", **decisions)
    world.add("steering_meeting", **{name: decision.meeting for name, decision in decisions.items()})
    world.add("steering_member", **{name: decision.owner for name, decision in decisions.items()})


def _add_snapshots(world: TwoProjects, projects: dict[str, list[Project]]) -> None:
    """Add snapshots of one project, each of another year, and of overviews of the own project, both, and the
    other one."""
    snapshots_of_a_project, overviews = {}, {}
    own_project, other_project = projects["own"], projects["other"]
    overview_projects = {
        "own": own_project,
        "same": [*own_project, *other_project],
        "other": other_project,
    }
    agency = world.users[Role.AGENCY]
    for year, relation in enumerate(projects, start=2016):
        day = datetime.date(year, 12, 31)
        draft = compute(year, day, projects[relation], with_spells=True)
        snapshots_of_a_project[relation] = snapshots.save(
            draft, SnapshotKind.PROJECT, ShowingChannel.PAGE, agency, clock.now()
        )
        draft = figures(year, day, overview_projects[relation])
        overviews[relation] = snapshots.save(
            draft, SnapshotKind.OVERVIEW, ShowingChannel.PAGE, agency, clock.now()
        )
    world.add("snapshot", **snapshots_of_a_project)
    world.add("overview", **overviews)
