"""Factories of synthetic rows. Nobody here exists: CPR numbers are made of a sequence number.

Default dates are those of the reference trial (2016), as in the sources.
"""

import datetime
import re

import factory
from django.db import transaction
from factory.django import DjangoModelFactory

from accounts.models import Membership, Municipality, Project, ProjectMunicipality, User
from accounts.roles import Role
from cases.models import (
    Citizen,
    Course,
    CourseFunction,
    FollowUpMeeting,
    FunctionHolding,
    MeetingDecision,
    MentorContact,
    Referral,
)
from companies.actions import agreements
from companies.annex.questions import annex_on
from companies.models import Company, CompanyContact, Match, Placement, WorkAgreement
from grants.storage import stored_events
from plans.models import PlanForJob
from randomization.ledger import chain
from randomization.models import Allocation, Claim, Commitment, Stratum

DRAWN_ON = datetime.date(2016, 4, 4)


def cpr(number: int, born: datetime.date = datetime.date(1970, 5, 17)) -> str:
    """Return a ten-digit number of a person who does not exist, born on `born` (1900-1999)."""
    return f"{born:%d%m%y}{number % 4000:04d}"


def shows_cpr(text: str, number: str) -> bool:
    """Whether a text shows a CPR number: in full, or masked but for the four digits behind its hyphen.

    The four digits alone also stand in years, ids and addresses by chance.
    """
    return number in text or re.search(rf"-{number[6:]}(?![0-9a-z-])", text) is not None


def cvr(number: int) -> str:
    """Return a CVR number with a valid check digit, always the same for the same `number`."""
    weights = (2, 7, 6, 5, 4, 3, 2)
    while True:
        digits = f"{1_000_000 + number % 8_000_000:07d}"
        check = -sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
        number += 4_000_000


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"project-{n}")
    name = factory.Sequence(lambda n: f"Project {n}")
    starts_on = datetime.date(2016, 3, 1)
    ends_on = datetime.date(2017, 12, 31)
    target_count = 100

    @factory.post_generation
    def codes(project, create, extracted, **kwargs):
        """Municipality codes, the lead first; one free municipality when none are given."""
        codes = extracted or [Municipality.objects.filter(place=None).order_by("code").first().code]
        for position, code in enumerate(codes):
            ProjectMunicipality.objects.create(project=project, municipality_id=code, is_lead=position == 0)


class UserFactory(DjangoModelFactory):
    """`UserFactory(project=p, roles=[...])`; `agency=True` for the agency."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@example.invalid")
    name = factory.Sequence(lambda n: f"User Number{n}")
    password = factory.django.Password("correct horse battery")

    @factory.post_generation
    def project(user, create, extracted, roles=(), **kwargs):
        user._factory_project = extracted

    @factory.post_generation
    def roles(user, create, extracted, **kwargs):
        for role in extracted or ():
            trial_wide = role in {Role.AGENCY, Role.ADMINISTRATOR}
            Membership.objects.create(
                user=user, role=role, project=None if trial_wide else user._factory_project
            )


class CitizenFactory(DjangoModelFactory):
    class Meta:
        model = Citizen

    number = factory.Sequence(lambda n: n)  # makes the CPR number; not a field
    cpr = factory.LazyAttribute(lambda citizen: cpr(citizen.number, _birthday(citizen.number)))

    @classmethod
    def _create(cls, model_class, *args, cpr, **kwargs):
        citizen = Citizen.new(cpr)
        citizen.save()
        return citizen


def _birthday(number: int) -> datetime.date:
    return datetime.date(1960, 1, 1) + datetime.timedelta(days=number // 4000)


class ReferralFactory(DjangoModelFactory):
    class Meta:
        model = Referral

    citizen = factory.SubFactory(CitizenFactory)
    name = factory.Sequence(lambda n: f"Testborger Nummer{n}")
    project = factory.SubFactory(ProjectFactory)
    municipality = factory.LazyAttribute(lambda r: r.project.places.get(is_lead=True).municipality)
    municipality_code = factory.LazyAttribute(lambda r: r.municipality.code)
    target_group = "resource_programme"
    benefit = "resource_programme_benefit"
    public_support_since = datetime.date(2013, 1, 1)
    activity_ready = False
    in_integration_programme = False
    referred_on = datetime.date(2016, 3, 15)
    state = "accepted"


class AllocationFactory(DjangoModelFactory):
    """A row of the ledger with the given arm (`participant` by default); opens no course.

    Continues the chain, but is on no committed list: the draw itself is tested with `draw_project(...,
    shares=demo_shares(1))`.
    """

    class Meta:
        model = Allocation

    referral = factory.SubFactory(ReferralFactory)
    arm = "participant"
    allocated_on = DRAWN_ON

    @classmethod
    def _create(cls, model_class, *args, referral, arm, allocated_on, **kwargs):
        head = Allocation.objects.order_by("-sequence").first()
        sequence = head.sequence + 1 if head else 1
        commitment, _ = Commitment.objects.get_or_create(
            agency_share_hash=b"A" * 32, operator_share_hash=b"O" * 32, defaults={"demo_seed": 0}
        )
        stratum, _ = Stratum.objects.get_or_create(
            municipality=referral.municipality,
            target_group=referral.target_group,
            defaults={"commitment": commitment, "root": b"R" * 32},
        )
        claim = Claim.objects.create(
            referral=referral,
            citizen=referral.citizen,
            project=referral.project,
            stratum=stratum,
            slot=stratum.claims.count() + 1,
            claimed_on=allocated_on,
        )
        row = Allocation(
            sequence=sequence,
            claim=claim,
            referral=referral,
            citizen=referral.citizen,
            project=referral.project,
            stratum=stratum,
            pseudonym=referral.citizen.pseudonym,
            project_slug=referral.project.slug,
            slot=claim.slot,
            arm=arm,
            allocated_on=allocated_on,
            drawn_at=datetime.datetime.combine(allocated_on, datetime.time(9), datetime.UTC),
            nonce=sequence.to_bytes(32, "big"),
            path=[],
            previous_hash=bytes(head.row_hash) if head else chain.START,
        )
        row.row_hash = chain.row_hash(bytes(row.previous_hash), row.sealed_values)
        row.save()
        return row


class CourseFactory(DjangoModelFactory):
    """A participant's course. `holders=user` gives one person all four functions."""

    class Meta:
        model = Course
        skip_postgeneration_save = True

    class Params:
        project_for = factory.SubFactory(ProjectFactory)

    referral = factory.SubFactory(ReferralFactory, project=factory.SelfAttribute("..project_for"))
    citizen = factory.SelfAttribute("referral.citizen")
    project = factory.SelfAttribute("referral.project")
    municipality = factory.SelfAttribute("referral.municipality")
    started_on = DRAWN_ON

    @factory.post_generation
    def holders(course, create, extracted, **kwargs):
        if extracted is not None:
            for function in CourseFunction.values:
                FunctionHolding.objects.create(
                    course=course, function=function, user=extracted, from_on=course.started_on
                )


class MentorContactFactory(DjangoModelFactory):
    class Meta:
        model = MentorContact

    course = factory.SubFactory(CourseFactory)
    held_on = DRAWN_ON


class FollowUpMeetingFactory(DjangoModelFactory):
    class Meta:
        model = FollowUpMeeting

    class Params:
        held = factory.Trait(state="held", held_on=DRAWN_ON, citizen_present=True)

    course = factory.SubFactory(CourseFactory)
    planned_at = datetime.datetime(2016, 5, 2, 10, 0, tzinfo=datetime.UTC)


def mark_held(meeting, held_on=DRAWN_ON):
    """Hold a booked meeting whose minutes and attendance are written: the database closes them then."""
    meeting.state, meeting.held_on, meeting.citizen_present = "held", held_on, True
    meeting.save(update_fields=["state", "held_on", "citizen_present"])
    return meeting


class MeetingDecisionFactory(DjangoModelFactory):
    """A promise of the mentor, made at a meeting that was held on the day of the draw."""

    class Meta:
        model = MeetingDecision
        skip_postgeneration_save = True

    course = factory.SubFactory(CourseFactory)
    meeting = factory.SubFactory(FollowUpMeetingFactory, course=factory.SelfAttribute("..course"))
    text = "Ring til bageriet"
    function = "mentor"
    due_on = DRAWN_ON + datetime.timedelta(days=14)

    @factory.post_generation
    def promised(decision, create, extracted, **kwargs):
        if extracted is not False:
            mark_held(decision.meeting)


class CompanyFactory(DjangoModelFactory):
    class Meta:
        model = Company

    #: Numbers far from those that tests name themselves: `cvr(1)` is never one of the sequence.
    cvr = factory.Sequence(lambda n: cvr(2_000_000 + n))
    name = factory.Sequence(lambda n: f"Virksomhed {n} ApS")
    ordinary_employees = 12


class CompanyContactFactory(DjangoModelFactory):
    class Meta:
        model = CompanyContact

    company = factory.SubFactory(CompanyFactory)
    name = factory.Sequence(lambda n: f"Kontakt Nummer{n}")
    email = factory.Sequence(lambda n: f"contact{n}@example.invalid")


class MatchFactory(DjangoModelFactory):
    class Meta:
        model = Match

    course = factory.SubFactory(CourseFactory)
    company = factory.SubFactory(CompanyFactory)
    matched_on = DRAWN_ON


class PlacementFactory(DjangoModelFactory):
    """An internship of 91 days from the day of the draw; other kinds need no match."""

    class Meta:
        model = Placement

    course = factory.SubFactory(CourseFactory)
    company = factory.SubFactory(CompanyFactory)
    kind = "internship"
    starts_on = DRAWN_ON
    planned_end_on = factory.LazyAttribute(lambda p: p.starts_on + datetime.timedelta(days=90))
    match = factory.LazyAttribute(
        lambda p: (
            Match.objects.get_or_create(
                course=p.course, company=p.company, defaults={"matched_on": p.starts_on}
            )[0]
            if p.kind == "internship"
            else None
        )
    )

    @classmethod
    def _create(cls, model_class, *args, **fields):
        with transaction.atomic():
            placement = super()._create(model_class, *args, **fields)
            stored_events.bring_up_to_date([placement.course_id])  # as the actions do
        return placement


class WorkAgreementFactory(DjangoModelFactory):
    """A version that awaits signatures, with the values copied from its placement, and no weekly schedule."""

    class Meta:
        model = WorkAgreement

    placement = factory.SubFactory(PlacementFactory)
    company_contact = factory.SubFactory(
        CompanyContactFactory,
        company=factory.SelfAttribute("..placement.company"),
        project=factory.SelfAttribute("..placement.course.project"),
    )
    state = "awaiting"
    tasks = "Lager"
    goals = "Møde"
    made_on = factory.SelfAttribute("placement.starts_on")

    @classmethod
    def _create(cls, model_class, *args, placement, company_contact, **fields):
        annex = annex_on(made_on := fields["made_on"])
        copies = agreements.copied(placement, company_contact, [], made_on=made_on, staff={}, annex=annex)
        return super()._create(model_class, placement=placement, **{**copies, **fields})


class PlanForJobFactory(DjangoModelFactory):
    """A plan of six months from the day it is made, after which the mentor support ends."""

    class Meta:
        model = PlanForJob

    course = factory.SubFactory(CourseFactory)
    made_on = DRAWN_ON
    starts_on = factory.SelfAttribute("made_on")
    ends_on = factory.LazyAttribute(lambda plan: plan.starts_on + datetime.timedelta(days=180))
    model = "ladder"
    job_goal = "Lager"
    flex_job_considered = False
    effort = "wage_subsidy"
    tasks_and_times = "Pakke"
    ordinary_hours_aim = 5
    mentor_continues = False
    mentor_end_reason = "Kører selv"
    last_meeting = "Gik godt"

    @classmethod
    def _create(cls, model_class, *args, course, **fields):
        return super()._create(
            model_class, course=course, **{**PlanForJob.copied_names(course, {}), **fields}
        )
