"""Three parties sign the same version of a work agreement; the jobcentre last (D15, D37, D46)."""

import hashlib
import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from cases.actions.signing import Signing
from cases.models.signature import content_hash
from companies.models import AgreementSignature, AgreementSignatureVoid, WorkAgreement
from companies.signing.presentation import signatures_of
from jobfirst.kit.versioned import StaleError
from tests.scenarios.signing import AT, decline, fresh, sign, sign_all, sign_for, void
from tests.scenarios.work_agreements import CONTENT, save_agreement
from tests.validation import error_codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def refused_with(act) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        act()
    return error_codes(caught)


def test_a_signature_keeps_who_when_how_and_the_hash_of_what_was_seen(agreement, holder) -> None:
    signature = sign(agreement, "citizen", holder)
    assert (signature.name, signature.method, signature.is_by_link) == ("Testborger Ågesen", "drawn", False)
    assert (signature.signed_at, signature.recorded_by_name) == (AT, "Mette Mentor")
    assert signature.content_hash == hashlib.sha256(signature.content.encode()).hexdigest()
    seen = json.loads(signature.content)
    references = {"company_contact"}
    assert set(seen) == {*WorkAgreement.content_names(), "schedule", "number", "made_on"} - references
    assert seen["schedule"] == [[1, "08:30:00", "12:00:00", "internship"]]


def test_by_link_nobody_records_it(agreement) -> None:
    signature = sign(agreement, "company")
    assert (signature.name, signature.is_by_link, signature.recorded_by) == ("Karla Kontakt", True, None)


def test_an_outside_party_confirms_by_the_name_in_the_agreement(agreement, holder) -> None:
    wrong = Signing("company", "name", name="En anden")
    assert refused_with(lambda: sign(agreement, "company", holder, signing=wrong)) == {"name": "name"}
    right = Signing("company", "name", name=" karla  KONTAKT ")
    assert sign(agreement, "company", holder, signing=right).name == "Karla Kontakt"


def test_the_jobcentre_signs_last(agreement, holder) -> None:
    assert refused_with(lambda: sign(agreement, "jobcentre", holder)) == {"": "last"}
    sign(agreement, "citizen", holder)
    assert refused_with(lambda: sign(agreement, "jobcentre", holder)) == {"": "last"}
    sign(agreement, "company")
    assert sign(agreement, "jobcentre", holder).name == "Mette Mentor"
    assert fresh(agreement).state == "signed"


def test_a_double_click_and_a_form_sent_again_sign_once(agreement, holder) -> None:
    token = uuid.uuid4()
    first = sign(agreement, "citizen", holder, submission=token)
    assert sign(agreement, "citizen", holder, submission=token) == first
    assert sign(agreement, "citizen") == first
    assert agreement.signatures.count() == 1


def test_what_was_not_seen_and_an_earlier_version_are_not_signed(agreement, internship, holder) -> None:
    with pytest.raises(StaleError):
        sign(agreement, "citizen", holder, seen="0" * 64)
    seen = content_hash(fresh(agreement).sealed_content())
    save_agreement(internship, content={**CONTENT, "tasks": "Andet"})
    with pytest.raises(StaleError):
        sign(agreement, "citizen", holder, seen=seen)


def test_a_draft_is_put_up_before_it_is_signed(internship, holder) -> None:
    draft = save_agreement(internship, is_draft=True)
    assert refused_with(lambda: sign(draft, "citizen", holder)) == {"": "not_host"}
    assert save_agreement(internship) == draft, "saved again as it is, it is put up"
    assert sign(draft, "citizen", holder)


# D46


def test_somebody_signs_for_a_party_with_a_reason_that_is_printed(agreement, holder) -> None:
    signature = sign_for(agreement, "citizen", holder, "cannot_read")
    assert (signature.name, signature.method) == ("Testborger Ågesen", "signed_in")
    notes = " ".join(signatures_of(fresh(agreement))[0].notes)
    assert "Mette Mentor har skrevet under for Testborger Ågesen" in notes


def test_a_reason_that_is_not_on_the_list_is_refused(agreement, holder) -> None:
    assert refused_with(lambda: sign_for(agreement, "citizen", holder, "lazy")) == {"signed_for": "reason"}


def test_nobody_signs_for_both_outside_parties(agreement, holder, leader) -> None:
    sign_for(agreement, "citizen", holder)
    assert refused_with(lambda: sign_for(agreement, "company", holder)) == {"": "both"}
    assert sign_for(agreement, "company", leader)


# Given by mistake


def test_a_signature_given_by_mistake_is_voided_and_given_again(agreement, holder) -> None:
    signature = sign(agreement, "citizen", holder)
    first_void = void(signature, holder)
    assert void(signature, holder) == first_void, "voided twice it is voided once"
    citizen = signatures_of(fresh(agreement))[0]
    assert (citizen.is_signed, citizen.voided[0].reason) == (False, "Forkert telefon")
    assert sign(agreement, "citizen", holder).attempt == 2


def test_a_sealed_version_keeps_its_signatures(agreement, holder) -> None:
    sign_all(agreement, holder)
    signature = agreement.signatures.first()
    assert refused_with(lambda: void(signature, holder)) == {"": "not_void"}
    with pytest.raises(DatabaseError, match="keeps its signatures"), transaction.atomic():
        AgreementSignatureVoid.objects.create(
            signature=signature, reason="x", voided_by=holder, voided_by_name="x"
        )


# Declined


def test_a_declined_agreement_is_not_signed_until_it_is_sent_again(agreement, holder) -> None:
    from companies.signing.actions import Actor, put_up

    assert decline(agreement, "company").reason == "Timerne passer ikke"
    assert decline(agreement, "company", holder) == agreement.declines.get(), "declined once"
    assert fresh(agreement).state == "declined"
    assert refused_with(lambda: sign(agreement, "citizen", holder)) == {"": "not_host"}
    put_up(fresh(agreement), actor=Actor.of(holder, fresh(agreement)), at=AT)
    assert sign(agreement, "citizen", holder)


def test_whoever_has_signed_does_not_decline(agreement, holder) -> None:
    sign(agreement, "citizen", holder)
    assert refused_with(lambda: decline(agreement, "citizen", holder)) == {"": "signed"}
    assert refused_with(lambda: decline(agreement, "jobcentre", holder)) == {"": "party"}


# What the database refuses, whoever asks


def values(agreement, **changes):
    content = agreement.sealed_content()
    fields = {
        "agreement": agreement,
        "party": "citizen",
        "method": "name",
        "name": "Testborger",
        "content": content,
        "content_hash": content_hash(content),
        "signed_at": AT,
        "is_by_link": True,
    }
    return {**fields, **changes}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"method": "drawn"},
        {"drawing": "M1 1"},
        {"method": "signed_in"},
        {"signed_for": "ill"},
        {"is_by_link": False},
    ],
)
def test_the_database_refuses_a_signature_that_cannot_be(agreement, wrong) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementSignature.objects.create(**values(agreement, **wrong))


def test_the_database_keeps_the_order_of_signing(agreement, internship, holder) -> None:
    def error_of(**changes) -> str:
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            AgreementSignature.objects.create(**values(agreement, **changes))
        return str(caught.value)

    jobcentre = {"party": "jobcentre", "method": "signed_in", "is_by_link": False, "recorded_by": holder}
    assert "not that of its content" in error_of(content="{}")
    assert "signs last" in error_of(**jobcentre)
    sign_for(agreement, "citizen", holder)
    assert "has signed" in error_of(attempt=2)
    both = {"party": "company", "method": "signed_in", "signed_for": "ill", "is_by_link": False}
    assert "both outside parties" in error_of(**both, recorded_by=holder)
    save_agreement(internship, content={**CONTENT, "tasks": "Andet"})
    assert "awaits signatures" in error_of(party="company")


def test_a_version_without_a_seal_is_not_called_signed(agreement) -> None:
    with pytest.raises(DatabaseError, match="without a seal"), transaction.atomic():
        WorkAgreement.objects.filter(pk=agreement.pk).update(state="signed")
