"""Factories of dialogues with companies, and of what companies offer."""

import factory
from factory.django import DjangoModelFactory

from companies.models import Dialogue, DialogueEntry
from tests.factories import DRAWN_ON, CompanyFactory, CourseFactory


class DialogueFactory(DjangoModelFactory):
    """A dialogue with its first step, on the day of the draw."""

    class Meta:
        model = Dialogue
        skip_postgeneration_save = True

    course = factory.SubFactory(CourseFactory)
    company = factory.SubFactory(CompanyFactory)
    step = "contacted"
    step_on = DRAWN_ON

    @factory.post_generation
    def entry(dialogue, create, extracted, **kwargs):
        DialogueEntry.objects.create(
            dialogue=dialogue,
            step=dialogue.step,
            happened_on=dialogue.step_on,
            next_action=dialogue.next_action,
            next_on=dialogue.next_on,
            **kwargs,
        )
