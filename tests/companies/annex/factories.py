"""Factories of the annex's answers, reports and closing assessments."""

import datetime
import re

import factory
from factory.django import DjangoModelFactory

from companies.annex.actions import Given, record_reply
from companies.annex.questions import version_on
from companies.models import AnnexChannel, AnnexParty, AnnexReply, ClosingAssessment, PlacementReport
from progression.actions import questionnaires
from progression.models import ANNEX
from tests.factories import PlacementFactory, UserFactory


def secret_in(text):
    """Return the secret in the address that a message names."""
    return re.search(r"/([A-Za-z0-9_-]{40,})/", text).group(1)


def annex_values(value=4, **by_code):
    """Return an answer to each question in force, the same one, or another by its code."""
    codes = [question.code for question in version_on(datetime.date(2016, 5, 2)).questions.all()]
    return {code: by_code.get(code, value) for code in codes}


def annex_reply(placement, party, on, value=4, *, by=None, comment="", **by_code):
    """Record what a party answered on a day, as the mentor enters it."""
    party = AnnexParty(party)
    is_company = party == AnnexParty.COMPANY
    given = Given(
        on=on,
        channel=AnnexChannel.PHONE if is_company else AnnexChannel.TOGETHER,
        by_name="Karla Kontakt" if is_company else "Borger",
        entered_by=by or UserFactory(),
    )
    return record_reply(placement, party, annex_values(value, **by_code), given, comment=comment, today=on)


def publish_annex(day, *, is_own_choice=True, **texts):
    """Publish a new version of the annex; `texts` are the company's wording by the question's code."""
    draft = questionnaires.make_draft(ANNEX)
    for question in draft.questions.filter(code__in=texts):
        questionnaires.save_part(question, {"company_text_da": texts[question.code]})
    draft.refresh_from_db()
    draft.is_own_choice = is_own_choice
    draft.save()
    return questionnaires.publish(draft, valid_from=day, change_note="Ny", today=day)


class AnnexReplyFactory(DjangoModelFactory):
    """What the company said on the phone, without single answers."""

    class Meta:
        model = AnnexReply

    placement = factory.SubFactory(PlacementFactory)
    party = AnnexParty.COMPANY
    channel = AnnexChannel.PHONE
    answered_on = factory.SelfAttribute("placement.starts_on")
    answered_by_name = "Karla Kontakt"
    entered_by = factory.SubFactory(UserFactory)
    questionnaire_version = factory.LazyAttribute(lambda reply: version_on(reply.answered_on))


class PlacementReportFactory(DjangoModelFactory):
    """Illness on the first day of the placement, waiting."""

    class Meta:
        model = PlacementReport

    placement = factory.SubFactory(PlacementFactory)
    kind = "absence"
    absence = "ill"
    first_on = factory.SelfAttribute("placement.starts_on")
    last_on = factory.SelfAttribute("placement.starts_on")
    reported_on = factory.SelfAttribute("placement.starts_on")
    reported_by_name = "Karla Kontakt"


class ClosingAssessmentFactory(DjangoModelFactory):
    """The company's word that the placement was completed."""

    class Meta:
        model = ClosingAssessment

    placement = factory.SubFactory(PlacementFactory)
    outcome = "completed"
    given_by_name = "Karla Kontakt"
    given_on = factory.SelfAttribute("placement.planned_end_on")
