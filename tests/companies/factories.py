"""Factories of what is known of companies beyond their placements."""

import datetime

import factory
from factory.django import DjangoModelFactory

from companies.models import (
    CompanyCall,
    CompanyMerge,
    CompanyNote,
    JobOpening,
    Succession,
    Workplace,
    WorkplaceMerge,
)
from tests.factories import DRAWN_ON, CompanyFactory, ProjectFactory


class WorkplaceFactory(DjangoModelFactory):
    class Meta:
        model = Workplace

    company = factory.SubFactory(CompanyFactory)
    p_number = factory.Sequence(lambda n: f"{1_000_000_000 + n}")
    name = factory.Sequence(lambda n: f"Afdeling {n}")
    street = "Torvet 1"
    postal_code = "8000"
    town = "Aarhus C"


class CompanyNoteFactory(DjangoModelFactory):
    class Meta:
        model = CompanyNote

    company = factory.SubFactory(CompanyFactory)
    project = factory.SubFactory(ProjectFactory)
    text = "Ring helst om formiddagen"


class CompanyCallFactory(DjangoModelFactory):
    class Meta:
        model = CompanyCall

    company = factory.SubFactory(CompanyFactory)
    project = factory.SubFactory(ProjectFactory)
    called_on = DRAWN_ON
    summary = "De vil gerne tage en praktikant"


class JobOpeningFactory(DjangoModelFactory):
    class Meta:
        model = JobOpening

    company = factory.SubFactory(CompanyFactory)
    project = factory.SubFactory(ProjectFactory)
    job_function = "Køkkenhjælper"


class SuccessionFactory(DjangoModelFactory):
    """A take-over on 1 June 2016 with all workplaces; brings no stored event up to date."""

    class Meta:
        model = Succession

    predecessor = factory.SubFactory(CompanyFactory)
    successor = factory.SubFactory(CompanyFactory)
    from_on = datetime.date(2016, 6, 1)
    reason = "CVR-registeret"


class CompanyMergeFactory(DjangoModelFactory):
    """A merge of two companies without rows, by nobody."""

    class Meta:
        model = CompanyMerge

    duplicate = factory.SubFactory(CompanyFactory)
    remaining = factory.SubFactory(CompanyFactory)
    reason = "Samme firma"


class WorkplaceMergeFactory(DjangoModelFactory):
    """A merge of two workplaces without rows, by nobody."""

    class Meta:
        model = WorkplaceMerge

    remaining = factory.SubFactory(WorkplaceFactory)
    duplicate = factory.SubFactory(WorkplaceFactory, company=factory.SelfAttribute("..remaining.company"))
    reason = "Samme plads"
