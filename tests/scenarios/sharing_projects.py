"""Two projects that share all that projects can share, with a word of its own in every text of the second.

The things are those of `two_projects`. What the projects `own` and `other` have, they have at the same
companies and workplaces; a citizen of each was refused in the other; one person works in both.
"""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

from django.db import models
from django.db.models.signals import pre_save
from django.test import Client

from accounts.models import Absence, Membership, Project, User
from accounts.roles import Role
from audit.models import Correction
from cases.models import CaseCorrection, Course, FunctionHolding, Referral
from companies.models import CompanyAcquaintance
from jobfirst import clock
from tests.access.addresses import FUNCTIONS, STAFF
from tests.companies.factories import (
    CompanyCallFactory,
    CompanyMergeFactory,
    CompanyNoteFactory,
    JobOpeningFactory,
    SuccessionFactory,
    WorkplaceFactory,
)
from tests.companies.matching.factories import DialogueFactory
from tests.factories import (
    CompanyContactFactory,
    CompanyFactory,
    CourseFactory,
    ReferralFactory,
    UserFactory,
    WorkAgreementFactory,
)
from tests.scenarios import two_projects
from tests.scenarios.two_projects import TwoProjects

WORD = "kanarie"
IN_BOTH = "Begge Steder"
#: The person with every role in the first project, among the users and clients.
EVERYBODY = "everybody"
APPS = (
    *("accounts", "cases", "progression", "companies", "plans", "randomization", "grants", "reminders"),
    "evaluation",
)
#: Texts with a form that the database holds: codes, hashes, numbers.
FORMED = {
    "accounts.User.password",
    "cases.Referral.municipality_code",
    "companies.AgreementSeal.sha256",
    "companies.SealedPdf.sha256",
    "companies.WorkAgreement.company_cvr",
    "companies.WorkAgreement.p_number",
    "randomization.Allocation.project_slug",
    "randomization.Allocation.pseudonym",
}
#: Texts that belong to a state in which the rows here are not.
OF_ANOTHER_STATE = {
    "companies.Placement.end_note",
    "companies.Placement.end_reported_by",
    "companies.PlacementReport.decision_reason",
    "companies.ClosingAssessment.citizen_comment",
    "cases.Course.outcome",
    "evaluation.SteeringMeeting.cancelled_reason",
    "plans.ActivityLine.outcome",
    "reminders.Digest.last_error",
}
#: The same by the field's name, whatever the model.
BY_NAME = {"withdrawn_reason", "reopened_reason", "taken_back_reason"}
#: What all projects share: the company with its facts, and the projects themselves. Texts of statements are
#: tied to their states, and of one project each (`tests/access/test_access.py`).
SHARED_MODELS = {"companies.Company", "companies.Workplace", "accounts.Project", "grants.Statement"}
LONGEST_SHORT = 12


class Words:
    """Gives each text of a project's rows a word of its own: `kanarie0017`, by model and field."""

    def __init__(self) -> None:
        self.field_by_word: dict[str, str] = {}
        self.projects: list[Project] = []

    def new(self, label: str) -> str:
        word = f"{WORD}{len(self.field_by_word):04d}"
        self.field_by_word[word] = label
        return word

    def fill(self, row: models.Model) -> None:
        """Write words into the texts of a row, unless a choice or a form decides what stands there."""
        if row._meta.label in SHARED_MODELS:
            return
        for field in row._meta.concrete_fields:
            label = f"{row._meta.label}.{field.name}"
            if not isinstance(field, models.CharField | models.TextField) or field.choices:
                continue
            if (
                label in FORMED | OF_ANOTHER_STATE
                or field.name in BY_NAME
                or (field.max_length or LONGEST_SHORT) < LONGEST_SHORT
            ):
                continue
            word = self.new(label)
            is_address = isinstance(field, models.EmailField)
            setattr(row, field.attname, f"{word}@example.invalid" if is_address else word)

    @contextmanager
    def written_by_the_second_project(self) -> Iterator[None]:
        """Within the block every new row of the second project that is made here gets its words."""

        def before_saving(sender, instance, **kwargs):
            if sender._meta.app_label not in APPS or not instance._state.adding:
                return
            if isinstance(instance, Project):
                self.projects.append(instance)
            elif self.projects[1:2] == [project_of(instance)]:
                self.fill(instance)

        pre_save.connect(before_saving, weak=False)
        try:
            yield
        finally:
            pre_save.disconnect(before_saving)


def project_of(row: models.Model, depth: int = 4) -> Project | None:
    """Return the project that the row belongs to, by whatever it refers to; None without one."""
    if isinstance(row, Project):
        return row
    references = [field for field in row._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    references.sort(key=lambda field: field.name != "project")
    for field in references if depth else ():
        if field.related_model in (User, None):
            continue
        related = getattr(row, field.name)
        project = project_of(related, depth - 1) if related is not None else None
        if project is not None:
            return project
    return None


class SharedCompanies:
    """Gives the things of a kind the same company, whichever project they are of."""

    def __init__(self) -> None:
        self.companies: dict[str, models.Model] = {}
        self.kind = ""

    def sharing(self, kind, make):
        """Return the factory so that the company that it makes is that of the kind."""

        def make_sharing(*args, **kwargs):
            with mock.patch.object(self, "kind", kind):
                return make(*args, **kwargs)

        return make_sharing

    def create(self, make, model, *args, **fields):
        if not self.kind:
            return make(model, *args, **fields)
        if self.kind not in self.companies:
            self.companies[self.kind] = make(model, *args, **fields)
        return self.companies[self.kind]


@contextmanager
def shared_companies() -> Iterator[None]:
    """Within the block `two_projects.build` gives all projects the same companies and workplaces."""
    shared = SharedCompanies()
    create, workplaces = CompanyFactory._create, {}
    things = {kind: shared.sharing(kind, make) for kind, make in two_projects.THINGS_OF_A_COURSE.items()}

    def same_workplace(company):
        if company.pk not in workplaces:
            workplaces[company.pk] = WorkplaceFactory(company=company)
        return workplaces[company.pk]

    def create_shared(model, *args, **fields):
        return shared.create(create, model, *args, **fields)

    replacements = {
        "THINGS_OF_A_COURSE": things,
        "CompanyContactFactory": shared.sharing("contact", two_projects.CompanyContactFactory),
        "WorkplaceFactory": same_workplace,
    }
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(CompanyFactory, "_create", create_shared))
        for name, replacement in replacements.items():
            stack.enter_context(mock.patch.object(two_projects, name, replacement))
        yield


def build() -> tuple[TwoProjects, Words]:
    """Make the two projects, and return them with the words of the second."""
    words = Words()
    with words.written_by_the_second_project(), shared_companies():
        world = two_projects.build()
        own_project, other_project = words.projects[:2]
        _share_people(world, own_project, other_project, words)
        _share_citizens(world, own_project, other_project)
        _correct(world, words)
    _arrange_companies(world, words)
    return world, words


def act_again(world: TwoProjects, words: Words) -> None:
    """Let the second project do more at the shared companies: everything that it has done, once more."""
    course = Course.objects.get(public_id=world.ids["course"]["other"])
    project = course.project
    placements = course.placements.select_related("company")
    with words.written_by_the_second_project():
        words.projects[1:] = [project]
        both = User.objects.get(name=IN_BOTH)
        Absence.objects.create(
            user=both,
            project=project,
            stand_in=UserFactory(project=project, roles=STAFF),
            first_on=clock.today(),
            last_on=clock.today(),
        )
        for company in {placement.company for placement in placements} | {_shared(world)}:
            newcomer = CourseFactory(project_for=project, holders=both)
            CompanyContactFactory(company=company, project=project)
            CompanyNoteFactory(company=company, project=project)
            CompanyCallFactory(company=company, project=project)
            JobOpeningFactory(company=company, project=project)
            DialogueFactory(company=company, course=newcomer)
            WorkAgreementFactory(placement__course=newcomer, placement__company=company)


def _share_people(world: TwoProjects, first: Project, other: Project, words: Words) -> None:
    """Give the people of the second project names, let one person hold every role of the first project, and
    another one work in both."""
    for user in User.objects.filter(memberships__project=other).distinct():
        user.name = words.new("accounts.User.name")
        user.save(update_fields=["name"])
    everybody = UserFactory(project=first, roles=STAFF, name="Alle Roller")
    world.users[EVERYBODY], world.clients[EVERYBODY] = everybody, Client()
    world.clients[EVERYBODY].force_login(everybody)
    both = UserFactory(project=first, roles=[Role.MENTOR], name=IN_BOTH)
    for role in STAFF:
        Membership.objects.create(user=both, role=role, project=other)
    course = Course.objects.get(public_id=world.ids["course"]["other"])
    FunctionHolding.objects.filter(course=course, function=FUNCTIONS[0]).update(user=both)
    for project in (first, other):
        CompanyAcquaintance.objects.create(company=_shared(world), project=project, user=both, how="Nabo")


def _share_citizens(world: TwoProjects, first: Project, other: Project) -> None:
    """Refuse the citizen of each project in the other one: she is in the trial already."""
    for relation, project in (("own", other), ("other", first)):
        course = Course.objects.get(public_id=world.ids["course"][relation])
        ReferralFactory(
            citizen=course.citizen, project=project, state="refused", reasons=["already_referred"]
        )


def _correct(world: TwoProjects, words: Words) -> None:
    """Let the second project correct everything that is its own, with reasons (D41)."""
    leader = User.objects.get(public_id=world.ids["user"]["other"])
    for ids in world.ids.values():
        if isinstance(ids["other"], uuid.UUID) and ids["other"] != ids["own"]:
            reason = words.new("audit.Correction.reason")
            Correction.objects.create(
                label="a row", subject=ids["other"], act="corrected", reason=reason, made_by=leader
            )
    referral = Referral.objects.get(public_id=world.ids["referral"]["other"])
    CaseCorrection.objects.create(referral=referral, kind="name", made_by=leader)


def _arrange_companies(world: TwoProjects, words: Words) -> None:
    """Let the second project's leader record a take-over and a merge, and withdraw a take-over."""
    leader = User.objects.get(public_id=world.ids["user"]["other"])
    SuccessionFactory(
        successor=_shared(world), recorded_by=leader, reason=words.new("companies.Succession.reason")
    )
    withdrawn = SuccessionFactory(recorded_by=leader, reason=words.new("companies.Succession.reason"))
    withdrawn.withdrawn_at, withdrawn.withdrawn_by = withdrawn.created_at, leader
    withdrawn.withdrawn_reason = words.new("companies.Succession.withdrawn_reason")
    withdrawn.save()
    CompanyMergeFactory(
        remaining=_shared(world), merged_by=leader, reason=words.new("companies.CompanyMerge.reason")
    )


def _shared(world: TwoProjects):
    from companies.models import Company

    return Company.objects.get(cvr=world.ids["company"]["other"])
