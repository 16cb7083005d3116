"""Factories of the steering group."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from evaluation.steering.models import (
    SteeringArea,
    SteeringDecision,
    SteeringMeeting,
    SteeringMember,
    SteeringState,
)
from tests.factories import ProjectFactory


def at(day: datetime.date, hour: int = 13) -> datetime.datetime:
    """Return the moment on a day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


class SteeringMemberFactory(DjangoModelFactory):
    class Meta:
        model = SteeringMember

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"Inger Prøve {n}")
    area = SteeringArea.JOBCENTRE_MANAGEMENT
    email = factory.Sequence(lambda n: f"leder{n}@kommune.invalid")
    joined_on = datetime.date(2016, 3, 1)


class SteeringMeetingFactory(DjangoModelFactory):
    """A planned meeting; `SteeringMeetingFactory(held_on=day)` one that was held."""

    class Meta:
        model = SteeringMeeting

    project = factory.SubFactory(ProjectFactory)
    planned_at = factory.LazyAttribute(
        lambda meeting: at(getattr(meeting, "held_on", None) or datetime.date(2016, 6, 15))
    )

    class Params:
        held = factory.Trait(
            held_on=datetime.date(2016, 6, 15),
            state=SteeringState.HELD,
            agenda=[],
            closed_at=factory.LazyFunction(timezone.now),
        )


class SteeringDecisionFactory(DjangoModelFactory):
    class Meta:
        model = SteeringDecision

    meeting = factory.SubFactory(SteeringMeetingFactory)
    owner = factory.SubFactory(SteeringMemberFactory, project=factory.SelfAttribute("..meeting.project"))
    owner_name = factory.SelfAttribute("owner.name")
    text = "Aftal fast kontakt med psykiatrien"
    due_on = datetime.date(2016, 9, 1)
