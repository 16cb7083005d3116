"""Signatures, edits and links at the same second have one outcome (D37)."""

import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.links.delivery import send_link
from accounts.links.models import SignedLink
from cases.models.signature import content_hash
from companies.models import AgreementDecline, AgreementSignature, CompanyContact, SealedPdf, WorkAgreement
from companies.signing.actions import Actor, send_agreement_link
from companies.signing.kept_pdf import kept_pdf
from companies.signing.links import SIGN, send_link_to
from companies.signing.policy import AgreementRole
from jobfirst.kit.versioned import StaleError
from tests.companies.annex.factories import secret_in
from tests.concurrency import run_at_once
from tests.loops import some
from tests.scenarios.signing import decline, fresh, sign, sign_all
from tests.scenarios.work_agreements import CONTENT, save_agreement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wednesday")]


def test_the_same_party_at_the_same_second_signs_once(agreement, holder) -> None:
    outcomes = run_at_once([lambda: sign(agreement, "citizen", holder)] * 3)
    assert len({outcome.pk for outcome in outcomes}) == 1
    assert AgreementSignature.objects.count() == 1


def test_both_outside_parties_at_the_same_second_both_sign(agreement, holder) -> None:
    outcomes = run_at_once([lambda: sign(agreement, "citizen", holder), lambda: sign(agreement, "company")])
    assert all(isinstance(outcome, AgreementSignature) for outcome in some(outcomes))
    assert AgreementSignature.objects.count() == 2


def test_two_of_the_jobcentre_at_once_seal_once(agreement, holder, leader) -> None:
    for party in ("citizen", "company"):
        sign(agreement, party, holder)
    outcomes = run_at_once(
        [lambda: sign(agreement, "jobcentre", holder), lambda: sign(agreement, "jobcentre", leader)]
    )
    assert len({outcome.pk for outcome in outcomes}) == 1
    assert fresh(agreement).state == "signed"


def test_an_edit_while_another_signs_voids_the_signature_or_stops_it(agreement, internship, holder) -> None:
    seen = content_hash(fresh(agreement).sealed_content())
    signed, edited = run_at_once(
        [
            lambda: sign(agreement, "citizen", holder, seen=seen),
            lambda: save_agreement(internship, content={**CONTENT, "tasks": "Bage"}),
        ]
    )
    assert isinstance(edited, WorkAgreement)
    assert isinstance(signed, AgreementSignature | StaleError)
    assert not edited.signatures.exists()


def test_two_makers_of_the_pdf_keep_one(agreement, holder) -> None:
    seal = sign_all(agreement, holder).seal
    files = run_at_once([lambda: bytes(kept_pdf(seal).content)] * 2)
    assert files[0] == files[1] == bytes(SealedPdf.objects.get().content)


def test_a_link_pressed_twice_at_once_signs_once(agreement, mailoutbox) -> None:
    CompanyContact.objects.filter(company=agreement.placement.company).update(email="karla@example.invalid")
    send_link_to(SIGN, fresh(agreement), "company", by=None, at=timezone.now())
    send_link(SignedLink.objects.get().pk)
    url = reverse("companies:sign_by_link", args=[secret_in(mailoutbox[-1].body)])
    page = Client().get(url).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    form = {"seen": seen, "method": "name", "name": "Karla Kontakt", "has_read": "on"}
    answers = run_at_once(
        [lambda: Client().post(url, {**form, "submission": str(uuid.uuid4())}).status_code] * 3
    )
    assert sorted(answers) == [302, 404, 404]
    assert AgreementSignature.objects.count() == 1


def test_a_decline_while_the_other_signs_has_one_outcome(agreement, holder) -> None:
    """Either the signature came first and the decline stands beside it, or the signing is refused."""
    signed, declined = run_at_once(
        [lambda: sign(agreement, "citizen", holder), lambda: decline(agreement, "company")]
    )
    assert isinstance(declined, AgreementDecline)
    assert fresh(agreement).state == "declined"
    is_signed = isinstance(signed, AgreementSignature)
    assert is_signed or isinstance(signed, ValidationError)
    assert AgreementSignature.objects.count() == int(is_signed)


def test_a_party_that_signs_and_declines_at_once_does_one_of_them(agreement, holder) -> None:
    outcomes = run_at_once(
        [lambda: sign(agreement, "company", holder), lambda: decline(agreement, "company")]
    )
    assert sum(isinstance(outcome, ValidationError) for outcome in outcomes) == 1
    assert AgreementSignature.objects.count() + AgreementDecline.objects.count() == 1


def test_whoever_signs_while_the_link_is_sent_anew_signs_or_finds_it_gone(agreement, mailoutbox) -> None:
    CompanyContact.objects.filter(company=agreement.placement.company).update(email="karla@example.invalid")
    send_link_to(SIGN, fresh(agreement), "company", by=None, at=timezone.now())
    send_link(SignedLink.objects.get().pk)
    url = reverse("companies:sign_by_link", args=[secret_in(mailoutbox[-1].body)])
    seen = re.search(r'name="seen" value="(\w+)"', Client().get(url).content.decode())[1]
    form = {"seen": seen, "method": "name", "name": "Karla Kontakt", "has_read": "on"}

    def send_anew() -> None:
        actor = Actor(None, (AgreementRole.MENTOR,))
        send_agreement_link(fresh(agreement), "company", actor=actor, at=timezone.now())

    answer, refusal = run_at_once(
        [lambda: Client().post(url, {**form, "submission": str(uuid.uuid4())}).status_code, send_anew]
    )
    is_signed = AgreementSignature.objects.exists()
    assert answer == (302 if is_signed else 404)
    assert isinstance(refusal, ValidationError) == is_signed
