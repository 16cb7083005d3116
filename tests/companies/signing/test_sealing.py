"""The seal of a work agreement, its kept PDF, and the public page that checks both (D15)."""

import datetime
import json
from functools import partial
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from audit.models import AccessRecord
from companies.actions.withdrawals import withdraw_as_no_show
from companies.models import AgreementSeal, Company, Placement, SealedPdf, WorkAgreement, Workplace
from companies.signing import kept_pdf as kept_pdf_module
from companies.signing.kept_pdf import kept_pdf
from companies.signing.presentation import printed, signatures_of
from companies.signing.sealing import FORMAT, canonical_text
from companies.tasks import keep_missing_pdfs
from jobfirst.pdf.documents import render_pdf
from tests.loops import some
from tests.pdf_tags import Tags
from tests.pdf_text import pdf_text
from tests.scenarios.changed_names import rename_citizen
from tests.scenarios.signing import fresh, sign_all, sign_for
from tests.scenarios.work_agreements import CONTENT, save_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

CHECK = "/tjek-aftale/"


@pytest.fixture
def seal(agreement, holder) -> AgreementSeal:
    return sign_all(agreement, holder).seal


def check(**data) -> str:
    return Client().post(CHECK, data).content.decode()


def test_the_seal_is_the_hash_of_a_text_with_content_schedule_and_signatures(seal, agreement) -> None:
    assert seal.sha256 == sha256(seal.canonical.encode()).hexdigest()
    text = json.loads(seal.canonical)
    assert text["format"] == FORMAT.format(2)
    assert text["content"]["tasks"] == CONTENT["tasks"]
    assert text["content"]["schedule"] == [[1, "08:30:00", "12:00:00", "internship"]]
    assert [signature["party"] for signature in text["signatures"]] == ["citizen", "company", "jobcentre"]
    assert seal.sealed_on == datetime.date(2016, 5, 18)


def test_the_same_facts_give_the_same_text_after_a_key_rotation_and_renamed_people(
    seal, agreement, holder, settings
) -> None:
    settings.SECRET_KEY = "another key " * 6
    rename_citizen(agreement.course)
    Company.objects.update(name="Bageren II ApS")
    holder.name = "Mette Nygift"
    holder.save()
    assert canonical_text(fresh(agreement)) == seal.canonical
    assert "Aftalen er ægte" in check(seal=seal.sha256)


def test_a_field_that_the_agreement_gets_later_leaves_its_signatures_intact(
    seal, agreement, monkeypatch
) -> None:
    values = WorkAgreement.sealed_values
    monkeypatch.setattr(WorkAgreement, "sealed_values", lambda self: {**values(self), "later": "x"})
    assert all(signature.is_intact for signature in some(signatures_of(fresh(agreement))))


def test_other_content_than_was_signed_is_not_intact(seal, agreement) -> None:
    version = fresh(agreement)
    version.tasks = "Andet"
    assert not any(signature.is_intact for signature in some(signatures_of(version)))


def test_the_pdf_prints_signatures_who_signed_for_whom_and_the_seal(agreement, holder, leader) -> None:
    from tests.scenarios.signing import sign

    sign(agreement, "citizen", holder)
    sign_for(agreement, "company", leader, "away")
    sign(agreement, "jobcentre", holder)
    seal = fresh(agreement).seal
    text = pdf_text(bytes(kept_pdf(seal).content))
    assert "Lars Leder har skrevet under for Karla Kontakt" in text
    assert seal.sha256 in text.replace("\n", "").replace(" ", "")
    assert "tjek-aftale" in text


def test_the_pdf_is_tagged_and_describes_the_drawing(seal) -> None:
    tags = Tags(bytes(kept_pdf(seal).content))
    assert "Figure" in tags.kinds()


def test_a_long_agreement_is_printed_whole(internship, holder) -> None:
    tasks = "\n".join(f"{number}. Opgave på lageret med æ, ø og å" for number in range(1, 41))
    long_name = "Kristiane-Elisabeth Æbeløgård " * 4
    agreement = save_agreement(internship, content={**CONTENT, "tasks": tasks, "goals": long_name.strip()})
    text = pdf_text(render_pdf("companies/agreement_pdf.html", printed(fresh(agreement))))
    assert "40. Opgave på lageret med æ, ø og å" in text


def test_a_word_that_is_longer_than_the_line_goes_on_in_the_next(internship) -> None:
    word = "https://example.invalid/" + "æøå" * 50
    agreement = save_agreement(internship, content={**CONTENT, "accommodations": word})
    text = pdf_text(render_pdf("companies/agreement_pdf.html", printed(fresh(agreement))))
    assert "æøå" * 50 not in text
    assert "æøå" * 50 in "".join(text.split())


def test_the_pdf_is_kept_and_served_as_it_was_made(seal, agreement, as_user, holder, monkeypatch) -> None:
    first = bytes(kept_pdf(seal).content)

    def another_template(*_args):
        raise AssertionError("the kept file is served")

    monkeypatch.setattr(kept_pdf_module, "render_pdf", another_template)
    response = as_user(holder).get(reverse("companies:agreement_pdf", args=[agreement.public_id]))
    assert response.content == first
    assert SealedPdf.objects.get().sha256 == sha256(first).hexdigest()


def test_a_later_round_makes_the_pdf_that_a_worker_did_not(seal, settings) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = True
    keep_missing_pdfs()
    keep_missing_pdfs()
    assert SealedPdf.objects.get().seal == seal


def test_the_database_refuses_a_file_with_another_hash(seal) -> None:
    with pytest.raises(DatabaseError, match="hash of a file"), transaction.atomic():
        SealedPdf.objects.create(seal=seal, content=b"%PDF-1.7", sha256="0" * 64)


def test_the_page_says_genuine_replaced_or_not_known(seal, internship, holder) -> None:
    spaced = f"{seal.sha256[:32].upper()} {seal.sha256[32:]}"
    page = check(seal=spaced)
    assert "Aftalen er ægte" in page
    assert "Version 1" in page
    assert "18. maj 2016" in page
    sign_all(save_agreement(internship, content={**CONTENT, "tasks": "Bage"}), holder)
    assert "Ægte, men gælder ikke længere" in check(seal=seal.sha256)
    assert "Kendes ikke" in check(seal="0" * 64)


def test_the_page_checks_the_file_to_the_byte(seal) -> None:
    content = bytes(kept_pdf(seal).content)
    genuine = SimpleUploadedFile("aftale.pdf", content, "application/pdf")
    assert "Aftalen er ægte" in check(seal="", file=genuine)
    forged = SimpleUploadedFile("aftale.pdf", content + b" ", "application/pdf")
    assert "Kendes ikke" in check(seal="", file=forged)


def test_the_page_shows_no_personal_data_and_records_the_look(seal, agreement) -> None:
    page = check(seal=seal.sha256)
    for text in ("Testborger", "Karla", "Bageren", "Pakke"):
        assert text not in page
    record = AccessRecord.objects.get(action="agreement.check")
    assert record.citizens == [agreement.course.citizen.public_id]


@pytest.mark.parametrize("text", ["", "abc", "g" * 64])
def test_what_is_no_seal_is_asked_for_again(text) -> None:
    assert "id_seal_error" in check(seal=text)


def test_of_a_citizen_who_never_came_it_no_longer_holds(seal, agreement, holder) -> None:
    placement = agreement.placement
    withdraw_as_no_show(placement, reason="Kom ikke", by=holder, today=seal.sealed_on)
    assert "gælder ikke længere" in check(seal=seal.sha256)


def test_who_asks_too_often_is_stopped(seal, settings) -> None:
    answers = {Client().post(CHECK, {"seal": "0" * 64}).status_code for _again in range(31)}
    assert answers == {200, 429}


def test_the_database_keeps_seal_and_file(seal) -> None:
    kept_pdf(seal)
    for act in (
        lambda: AgreementSeal.objects.update(sha256="0" * 64),
        lambda: SealedPdf.objects.update(sha256="0" * 64),
        lambda: AgreementSeal.objects.all()._raw_delete(AgreementSeal.objects.db),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_database_refuses_a_seal_without_three_signatures(agreement, holder) -> None:
    text = canonical_text(fresh(agreement))
    values = {"agreement": agreement, "canonical": text, "sealed_on": datetime.date(2016, 5, 18)}
    values["sealed_at"] = datetime.datetime(2016, 5, 18, 9, tzinfo=datetime.UTC)
    with pytest.raises(DatabaseError, match="all three"), transaction.atomic():
        AgreementSeal.objects.create(**values, sha256=sha256(text.encode()).hexdigest())
    with pytest.raises(DatabaseError, match="not that of its text"), transaction.atomic():
        AgreementSeal.objects.create(**values, sha256="0" * 64)


def test_the_representative_and_the_confirmation_are_signed_sealed_and_printed(internship, holder) -> None:
    Placement.objects.filter(pk=internship.pk).update(
        representative_name="Rita Repræsentant", representative_confirmed_on=datetime.date(2016, 5, 12)
    )
    internship.refresh_from_db()
    seal = sign_all(save_agreement(internship), holder).seal
    content = json.loads(seal.canonical)["content"]
    assert content["representative_name"] == "Rita Repræsentant"
    assert content["representative_confirmed_on"] == "2016-05-12"
    text = pdf_text(bytes(kept_pdf(seal).content))
    assert "Rita Repræsentant, bekræftet" in text
    assert "12. maj 2016" in text


def test_what_was_signed_before_the_representative_stood_there_still_verifies(
    internship, holder, monkeypatch
) -> None:
    next_version = WorkAgreement.next_version
    monkeypatch.setattr(WorkAgreement, "next_version", partial(next_version, content_format=1))
    agreement = sign_all(save_agreement(internship), holder)
    monkeypatch.undo()
    text = json.loads(agreement.seal.canonical)
    assert text["format"] == "jobfirst.work-agreement.1"
    assert not any(name.startswith("representative") for name in some(text["content"]))
    assert canonical_text(fresh(agreement)) == agreement.seal.canonical
    assert all(item.is_intact for item in some(signatures_of(fresh(agreement))))
    assert "Aftalen er ægte" in check(seal=agreement.seal.sha256)


def test_a_signature_of_the_earlier_form_stands_in_the_next_version(internship, holder, monkeypatch) -> None:
    next_version = WorkAgreement.next_version
    monkeypatch.setattr(WorkAgreement, "next_version", partial(next_version, content_format=1))
    sign_all(save_agreement(internship), holder)
    monkeypatch.undo()
    later = save_agreement(internship, content={**CONTENT, "goals": "Lære at bage"})
    company = next(item for item in signatures_of(fresh(later)) if item.party == "company")
    assert (later.content_format, company.is_signed, company.is_intact) == (2, True, True)


def test_a_workplace_that_is_called_like_the_company_is_printed_once(internship) -> None:
    workplace = Workplace.objects.create(
        company=internship.company, name=internship.company.name.upper(), p_number="1234567890"
    )
    Placement.objects.filter(pk=internship.pk).update(workplace=workplace)
    internship.refresh_from_db()
    sections = render_to_string("companies/_agreement_sections.html", printed(save_agreement(internship)))
    assert sections.lower().count(escape(internship.company.name).lower()) == 1
    Workplace.objects.update(name="Butikken i Ågade")
    later = save_agreement(internship, content={**CONTENT, "tasks": "Bage"})
    assert "Butikken i Ågade" in render_to_string("companies/_agreement_sections.html", printed(later))
