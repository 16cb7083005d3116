"""Factories of what is known of companies beyond their placements."""

import datetime

import factory
from factory.django import DjangoModelFactory

from companies.models import Succession
from tests.factories import CompanyFactory


class SuccessionFactory(DjangoModelFactory):
    """A take-over on 1 June 2016 with all workplaces; brings no stored event up to date."""

    class Meta:
        model = Succession

    predecessor = factory.SubFactory(CompanyFactory)
    successor = factory.SubFactory(CompanyFactory)
    from_on = datetime.date(2016, 6, 1)
    reason = "CVR-registeret"
