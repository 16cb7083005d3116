"""Signing the plan for job: who, when, how, and the hash of what was seen (D21, D37)."""

import datetime
import hashlib
import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import AccessRecord
from cases.actions import end_course
from cases.actions.signing import MOST_SIGNS, Signing
from cases.models.signature import content_hash
from jobfirst.kit.versioned import StaleError
from jobfirst.pdf.documents import render_pdf
from plans.actions.signatures import sign_plan, void_signature
from plans.models import PlanForJob, PlanSignature, SignatureVoid
from plans.presentation.signatures import signatures_of
from tests.concurrency import run_at_once
from tests.factories import UserFactory, cpr
from tests.pdf_tags import Tags
from tests.pdf_text import pdf_text
from tests.scenarios.course_plans import save_plan
from tests.validation import error_codes

pytestmark = pytest.mark.django_db

AT = datetime.datetime(2016, 7, 26, 9, 30, tzinfo=datetime.UTC)
DRAWN = Signing("citizen", "drawn", drawing="M10 20L40 60L80 20")
BY_NAME = Signing("citizen", "name", name="  testborger   ågesen ")


@pytest.fixture
def plan(course, internship) -> PlanForJob:
    return PlanForJob.objects.get(pk=save_plan(course).pk)


def sign(plan, signing, by) -> PlanSignature:
    return sign_plan(plan, signing, seen=content_hash(plan.sealed_content()), at=AT, by=by)


def test_a_signature_keeps_who_when_how_and_the_hash_of_what_was_seen(plan, holder) -> None:
    signature = sign(plan, DRAWN, holder)
    assert (signature.name, signature.method) == ("Testborger Ågesen", "drawn")
    assert (signature.signed_at, signature.recorded_by_name) == (AT, "Mette Mentor")
    assert signature.content_hash == hashlib.sha256(signature.content.encode()).hexdigest()
    seen = json.loads(signature.content)
    assert set(seen) == {*PlanForJob.content_names(), "number", "made_on"}
    assert seen["job_goal"] == plan.job_goal


def test_the_citizen_confirms_by_the_name_in_the_plan(plan, holder) -> None:
    with pytest.raises(ValidationError) as caught:
        sign(plan, Signing("citizen", "name", name="En anden"), holder)
    assert error_codes(caught) == {"name": "name"}
    assert sign(plan, BY_NAME, holder).name == "Testborger Ågesen"


@pytest.mark.parametrize(
    ("drawing", "code"),
    [("", "empty"), ("<script>", "drawing"), ("L1 1", "drawing"), ("M1 1L" * MOST_SIGNS, "drawing")],
)
def test_a_drawing_is_lines_and_nothing_else(plan, holder, drawing, code) -> None:
    with pytest.raises(ValidationError) as caught:
        sign(plan, Signing("citizen", "drawn", drawing=drawing), holder)
    assert error_codes(caught) == {"drawing": code}


def test_each_party_signs_once(plan, holder) -> None:
    first = sign(plan, DRAWN, holder)
    assert sign(plan, BY_NAME, holder) == first
    sign(plan, Signing("course_owner", "signed_in"), holder)
    assert plan.signatures.count() == 2


def test_a_changed_plan_is_a_new_version_without_signatures(plan, course, holder) -> None:
    sign(plan, DRAWN, holder)
    second = save_plan(course, job_goal="Konditor")
    assert [signature.is_signed for signature in signatures_of(second)] == [False, False, False]
    assert plan.signatures.count() == 1
    with pytest.raises(StaleError):
        sign(plan, Signing("course_owner", "signed_in"), holder)


def test_what_was_not_seen_is_not_signed(plan, holder) -> None:
    with pytest.raises(StaleError):
        sign_plan(plan, DRAWN, seen="0" * 64, at=AT, by=holder)


def values(plan, **changes):
    content = plan.sealed_content()
    fields = {
        "plan": plan,
        "party": "citizen",
        "method": "name",
        "name": "Testborger",
        "content": content,
        "content_hash": content_hash(content),
        "signed_at": AT,
    }
    return {**fields, **changes}


def test_the_database_refuses_a_hash_of_something_else_and_a_replaced_version(plan, course) -> None:
    with pytest.raises(DatabaseError, match="not that of its content"), transaction.atomic():
        PlanSignature.objects.create(**values(plan, content="{}"))
    save_plan(course, job_goal="Konditor")
    with pytest.raises(DatabaseError, match="earlier version"), transaction.atomic():
        PlanSignature.objects.create(**values(plan))


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"method": "drawn"},
        {"drawing": "M1 1"},
        {"method": "signed_in"},
        {"method": "drawn", "drawing": "M1 1 onload"},
    ],
)
def test_the_database_refuses_a_signature_that_cannot_be(plan, wrong) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanSignature.objects.create(**values(plan, **wrong))


def test_the_database_refuses_every_change_of_a_signature(plan, holder) -> None:
    rows = PlanSignature.objects.filter(pk=sign(plan, DRAWN, holder).pk)
    acts = [lambda: rows._raw_delete(rows.db)]
    acts += [
        lambda name=name: rows.update(**{name: "x"})
        for name in ("name", "drawing", "content", "content_hash")
    ]
    acts.append(lambda: rows.update(signed_at=timezone.now()))
    for act in acts:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            act()


def test_a_signature_given_by_mistake_is_voided_with_a_reason_and_stays(plan, holder) -> None:
    signature = sign(plan, DRAWN, holder)
    sealed = plan.sealed_content()
    for _twice in range(2):
        void = void_signature(signature, reason="Forkert borger ved telefonen", by=holder)
    assert (void.signature, void.voided_by_name) == (signature, "Mette Mentor")
    plan.refresh_from_db()
    signature.refresh_from_db()
    assert plan.sealed_content() == sealed == signature.content
    of_citizen = signatures_of(plan)[0]
    assert (of_citizen.is_signed, of_citizen.voided[0].reason) == (False, "Forkert borger ved telefonen")


def test_a_voided_signature_is_given_again_once(plan, holder) -> None:
    void_signature(sign(plan, DRAWN, holder), reason="Forkert", by=holder)
    second = sign(plan, BY_NAME, holder)
    assert sign(plan, BY_NAME, holder) == second
    assert list(plan.signatures.order_by("pk").values_list("attempt", flat=True)) == [1, 2]
    assert list(plan.signatures.standing()) == [second]
    with pytest.raises(DatabaseError, match="has signed"), transaction.atomic():
        PlanSignature.objects.create(**values(plan, attempt=3))


def test_a_signing_form_sent_again_after_the_void_signs_nothing(plan, holder) -> None:
    form = {"seen": content_hash(plan.sealed_content()), "at": AT, "by": holder, "submission": uuid.uuid4()}
    first = sign_plan(plan, DRAWN, **form)
    void_signature(first, reason="Forkert", by=holder)
    assert sign_plan(plan, DRAWN, **form) == first
    assert not plan.signatures.standing().exists()


def test_a_signature_of_an_earlier_version_is_not_voided(plan, course, holder) -> None:
    signature = sign(plan, DRAWN, holder)
    save_plan(course, job_goal="Konditor")
    with pytest.raises(ValidationError) as caught:
        void_signature(signature, reason="Forkert", by=holder)
    assert error_codes(caught) == {"": "replaced"}


def test_the_database_refuses_every_change_of_a_void(plan, holder) -> None:
    void_signature(sign(plan, DRAWN, holder), reason="Forkert", by=holder)
    for act in (SignatureVoid.objects.all().delete, lambda: SignatureVoid.objects.update(reason="x")):
        with pytest.raises(DatabaseError, match=r"permission denied|Cannot"), transaction.atomic():
            act()


@pytest.mark.usefixtures("wednesday")
def test_the_holder_voids_a_signature_on_its_page_and_the_reason_stands_beside_it(
    as_user, course, plan, holder, project
) -> None:
    from cases.models import FunctionHolding

    owner = UserFactory(name="Ny Ansvarlig", project=project, roles=["course_owner"])
    FunctionHolding.objects.filter(course=course, function="course_owner").update(user=owner)
    sign(plan, Signing("course_owner", "signed_in"), owner)
    url = reverse("plans:void_signature", args=[plan.public_id, "course_owner"])
    assert as_user(holder).get(url).status_code == 403, "holds another function"
    client = as_user(owner)
    plan_page = reverse("cases:course_plan", args=[course.public_id])
    assert url in client.get(plan_page).content.decode()
    form = {"signature": str(plan.signatures.get().public_id)}
    assert form["signature"] in client.get(url).content.decode()
    assert "id_reason_error" in client.post(url, form).content.decode()
    page = client.post(url, {**form, "reason": "Jeg trykkede forkert"}, follow=True).content.decode()
    assert "Underskriften fra den 26. juli 2016 blev gjort ugyldig den 18. maj 2016 af Ny Ansvarlig" in page
    assert "Jeg trykkede forkert" in page
    assert "Underskriften er gjort ugyldig. Planen kan underskrives igen." in page
    assert reverse("plans:sign", args=[plan.public_id, "course_owner"]) in page
    assert "Der er ingen underskrift at gøre ugyldig." in client.get(url, follow=True).content.decode()
    assert AccessRecord.objects.filter(action="course.plan.void").exists()


@pytest.mark.usefixtures("wednesday")
def test_a_void_form_left_open_never_voids_a_later_signature(as_user, plan, holder) -> None:
    url = reverse("plans:void_signature", args=[plan.public_id, "citizen"])
    first = sign(plan, DRAWN, holder)
    form = {"signature": str(first.public_id), "reason": "Forkert borger"}
    for _twice in range(2):
        page = as_user(holder).post(url, form, follow=True).content.decode()
        assert "Underskriften er gjort ugyldig. Planen kan underskrives igen." in page, (
            "the same form sent twice is a success"
        )
        assert "Der er ingen underskrift at gøre ugyldig." not in page
    second = sign(plan, BY_NAME, holder)
    for data in (form, {"reason": "Igen"}, {**form, "signature": "x"}):
        as_user(holder).post(url, data, follow=True)
    assert list(plan.signatures.standing()) == [second]
    assert SignatureVoid.objects.count() == 1


@pytest.mark.usefixtures("wednesday")
def test_the_printed_reason_of_a_void_holds_no_cpr_number(as_user, plan, holder) -> None:
    signature = sign(plan, DRAWN, holder)
    form = {"signature": str(signature.public_id), "reason": f"Det var {cpr(7)}"}
    url = reverse("plans:void_signature", args=[plan.public_id, "citizen"])
    page = as_user(holder).post(url, form).content.decode()
    assert "ligner et CPR-nummer" in page
    assert not SignatureVoid.objects.exists()


def test_a_signature_of_an_ended_course_is_not_voided(plan, course, holder) -> None:
    signature = sign(plan, DRAWN, holder)
    end_course(course, ended_on=plan.made_on, reason="moved", placements_end=True)
    with pytest.raises(ValidationError) as caught:
        void_signature(signature, reason="Forkert", by=holder)
    assert error_codes(caught) == {"": "ended"}


@pytest.mark.usefixtures("wednesday")
def test_a_signature_is_voided_by_those_who_may_give_it(as_user, plan, holder, leader, colleague, stranger):
    signature = sign(plan, Signing("course_owner", "signed_in"), holder)
    form = {"signature": str(signature.public_id), "reason": "Forkert"}
    url = reverse("plans:void_signature", args=[plan.public_id, "course_owner"])
    for user, status in ((leader, 403), (colleague, 404), (stranger, 404)):
        assert as_user(user).post(url, form).status_code == status
    url = reverse("plans:void_signature", args=[plan.public_id, "citizen"])
    as_user(holder).post(url, form, follow=True)
    assert not SignatureVoid.objects.exists(), "the signature of another party"


@pytest.mark.django_db(transaction=True)
def test_a_void_and_a_signature_at_once_leave_one_standing_or_none(plan, holder) -> None:
    first = sign(plan, DRAWN, holder)
    outcomes = run_at_once(
        [
            lambda: void_signature(first, reason="Forkert", by=holder),
            lambda: void_signature(first, reason="Igen", by=holder),
            lambda: sign(plan, BY_NAME, holder),
        ]
    )
    assert outcomes[0] == outcomes[1]
    standing = list(plan.signatures.standing())
    assert standing == ([] if outcomes[2] == first else [outcomes[2]])


@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_once_are_one(plan, holder) -> None:
    outcomes = run_at_once(
        [lambda signing=signing: sign(plan, signing, holder) for signing in (DRAWN, BY_NAME)]
    )
    assert outcomes[0] == outcomes[1]
    assert plan.signatures.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_and_a_signature_at_once_never_sign_what_was_replaced(plan, course, holder) -> None:
    run_at_once([lambda: sign(plan, DRAWN, holder), lambda: save_plan(course, job_goal="Konditor")])
    newest = course.plans.first()
    assert newest.number == 2
    assert newest.signatures.count() == 0


def test_the_document_prints_the_signatures_and_is_tagged(plan, holder) -> None:
    sign(plan, DRAWN, holder)
    sign(plan, Signing("course_owner", "signed_in"), holder)
    context = {"plan": plan.printed(), "signatures": signatures_of(plan)}
    content = render_pdf("plans/plan_pdf.html", context)
    text = pdf_text(content)
    for words in ("Underskrifter", "26.07.2016", "Bekræftet med eget login", "Ikke underskrevet"):
        assert words in text, words
    assert plan.signatures.first().content_hash in text.replace(" ", "")
    tags = Tags(content)
    assert tags.catalog["/MarkInfo"]["/Marked"]
    assert "Figure" in tags.kinds()


@pytest.mark.usefixtures("wednesday")
def test_the_citizen_signs_on_the_phone_of_the_mentor(as_user, course, plan, project) -> None:
    from cases.models import FunctionHolding

    mentor = UserFactory(name="Ny Mentor", project=project, roles=["mentor"])
    FunctionHolding.objects.filter(course=course, function="mentor").update(user=mentor)
    client = as_user(mentor)
    url = reverse("plans:sign", args=[plan.public_id, "citizen"])
    page = client.get(url).content.decode()
    assert plan.job_goal in page
    data = {"method": "name", "name": "Testborger Ågesen", "seen": content_hash(plan.sealed_content())}
    assert "Bekræft, at planen er læst." in client.post(url, data).content.decode()
    assert client.post(url, {**data, "has_read": "on"}).status_code == 302
    assert plan.signatures.get().recorded_by == mentor
    for party in ("course_owner", "coordinating_caseworker"):
        assert client.get(reverse("plans:sign", args=[plan.public_id, party])).status_code == 403


@pytest.mark.usefixtures("wednesday")
def test_a_replaced_version_is_not_signed_on_its_page(as_user, course, plan, holder) -> None:
    url = reverse("plans:sign", args=[plan.public_id, "citizen"])
    save_plan(course, job_goal="Konditor")
    data = {"method": "name", "name": "Testborger Ågesen", "has_read": "on"}
    data["seen"] = content_hash(plan.sealed_content())
    response = as_user(holder).post(url, data, follow=True)
    assert "Læs den nye version" in response.content.decode()
    assert not PlanSignature.objects.exists()
