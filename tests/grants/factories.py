"""Approved and unapproved statements, for tests."""

import datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from grants.models import GrantScheme, Statement, StatementLine
from tests.factories import CourseFactory, ProjectFactory, UserFactory


class StatementFactory(DjangoModelFactory):
    """A statement of 2016; `approved=True` has a second person's approval."""

    class Meta:
        model = Statement

    class Params:
        approved = factory.Trait(
            approved_by=factory.SubFactory(UserFactory),
            approved_at=datetime.datetime(2017, 1, 20, 9, 0, tzinfo=datetime.UTC),
        )

    project = factory.SubFactory(ProjectFactory)
    year = 2016
    cut_off = datetime.date(2016, 12, 31)
    target_count = factory.SelfAttribute("project.target_count")
    ceiling = Decimal("1440000.00")
    starts = 1
    completions = 0
    earned_to_date = Decimal("8000.00")
    paid_before = Decimal("0.00")
    payable = factory.LazyAttribute(lambda s: min(s.earned_to_date, s.ceiling) - s.paid_before)
    paid = factory.LazyAttribute(lambda s: max(s.payable, Decimal("0.00")))
    prepared_by = factory.SubFactory(UserFactory)


class StatementLineFactory(DjangoModelFactory):
    """A start in a statement."""

    class Meta:
        model = StatementLine

    statement = factory.SubFactory(StatementFactory)
    course = factory.SubFactory(CourseFactory)
    citizen = factory.LazyAttribute(lambda line: line.course.citizen.pseudonym)
    kind = "start"
    on = datetime.date(2016, 4, 4)
    amount = Decimal("8000.00")
    scheme = factory.LazyFunction(GrantScheme.objects.get)
