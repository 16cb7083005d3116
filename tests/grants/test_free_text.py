"""Free text holds no CPR number: every text field of every form of the grants."""

import uuid

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import grants.awards.forms
import grants.expenses.forms
import grants.statements.doubt_forms
import grants.statements.forms
from grants.models import Application, GrantTerms, Statement, Voucher
from jobfirst import clock
from jobfirst.kit.fields import FreeTextField
from tests.factories import ProjectFactory
from tests.grants.factories import StatementFactory, VoucherFactory, pdf
from tests.loops import some

TEXT_WITH_CPR = "Løn, 010180-1234"
CPR_MESSAGE = "ligner et CPR-nummer"


def forms_of_grants():
    for module in (
        grants.awards.forms,
        grants.statements.forms,
        grants.statements.doubt_forms,
        grants.expenses.forms,
    ):
        for form in vars(module).values():
            if (
                isinstance(form, type)
                and issubclass(form, forms.BaseForm)
                and form.__module__ == module.__name__
            ):
                yield form


def form_fields(form):
    """Return the form's fields, with those that it adds in its constructor."""
    match form.__name__:
        case "AwardForm":
            return form(None, project=ProjectFactory(), today=clock.today()).fields
        case "ApplicationForm":
            return form(None, project=ProjectFactory(), now=clock.now()).fields
        case "TermsForm":
            return form(None, now=GrantTerms.objects.latest("valid_from"), today=clock.today()).fields
        case _:
            return form.base_fields


@pytest.mark.django_db
def test_every_free_text_field_says_in_its_help_that_it_takes_no_cpr_number():
    text_fields = {
        f"{form.__name__}.{name}": field
        for form in forms_of_grants()
        for name, field in form_fields(form).items()
        if isinstance(field, FreeTextField)
    }
    assert set(text_fields) == {
        "TermsForm.reason",
        "AwardForm.reason",
        "ApplicationForm.partners",
        "ApplicationForm.reason",
        "SendBackForm.reason",
        "AnswerDoubtForm.text",
        "PayForm.reference",
        "SubmitForm.another_reason",
        "VoucherForm.what",
        "WithdrawForm.reason",
    }
    for name, field in some(text_fields.items()):
        assert "CPR" in str(field.help_text), name


def test_a_voucher_with_a_cpr_number_is_refused(trial, client):
    client.force_login(trial.leader)
    data = {
        "category": "staff",
        "municipality": trial.aalborg.municipalities.get().pk,
        "on": "2016-05-02",
        "amount": "1234",
        "what": TEXT_WITH_CPR,
        "submission": str(uuid.uuid4()),
        "file": SimpleUploadedFile("a.pdf", pdf()),
    }
    assert CPR_MESSAGE in client.post(reverse("grants:new_voucher", args=["aalborg"]), data).content.decode()
    assert not Voucher.objects.exists()


def test_a_withdrawal_with_a_cpr_number_is_refused(trial, client):
    voucher = VoucherFactory(project=trial.aalborg)
    client.force_login(trial.leader)
    response = client.post(
        reverse("grants:withdraw_voucher", args=[voucher.public_id]), {"reason": TEXT_WITH_CPR}
    )
    assert CPR_MESSAGE in response.content.decode()
    assert Voucher.objects.standing().exists()


def test_agency_texts_with_a_cpr_number_are_refused(trial, client):
    sent_back = StatementFactory(project=trial.aalborg, state="submitted")
    approved = StatementFactory(project=trial.aarhus, state="approved", events=1)
    client.force_login(trial.agency)
    for name, statement, data in [
        ("send_back", sent_back, {"reason": TEXT_WITH_CPR}),
        ("pay", approved, {"paid_on": "2017-02-01", "reference": TEXT_WITH_CPR}),
    ]:
        response = client.post(reverse(f"grants:{name}", args=[statement.public_id]), data)
        assert CPR_MESSAGE in response.content.decode()
    assert set(Statement.objects.values_list("state", flat=True)) == {"submitted", "approved"}
    application = {"received_at": "2015-11-09T11:00", "pages": 12, "budget": 1, "target_count": 1}
    address = reverse("grants:application", args=["aalborg"])
    for free_texts in ({"reason": TEXT_WITH_CPR}, {"reason": "Modtaget", "partners": TEXT_WITH_CPR}):
        assert CPR_MESSAGE in client.post(address, application | free_texts).content.decode()
    assert not Application.objects.exists()
