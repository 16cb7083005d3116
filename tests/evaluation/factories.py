"""Factories of what the evaluation stores."""

import factory
from factory.django import DjangoModelFactory

from evaluation.models import Deviation, DeviationKind
from tests.factories import DRAWN_ON, AllocationFactory, UserFactory


class DeviationFactory(DjangoModelFactory):
    """Another deviation of a drawn citizen, recorded by a project's leader."""

    class Meta:
        model = Deviation

    allocation = factory.SubFactory(AllocationFactory)
    kind = DeviationKind.OTHER
    happened_on = DRAWN_ON
    reason = "Fulgte et andet tilbud."
    recorded_by = factory.SubFactory(UserFactory)
