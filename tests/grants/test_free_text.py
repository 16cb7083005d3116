"""What is written in the agency's sight holds no citizen's number: every field of every form of the grant."""

import uuid

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import grants.awards.forms
import grants.expenses.forms
import grants.statements.forms
from cases.free_text import without_cpr
from grants.models import Application, GrantTerms, Statement, Voucher
from jobfirst import clock
from tests.factories import ProjectFactory
from tests.grants.factories import StatementFactory, VoucherFactory, pdf

WRITTEN = "Løn, 010180-1234"
SAID = "ligner et CPR-nummer"


def forms_of_grants():
    for module in (grants.awards.forms, grants.statements.forms, grants.expenses.forms):
        for form in vars(module).values():
            if (
                isinstance(form, type)
                and issubclass(form, forms.BaseForm)
                and form.__module__ == module.__name__
            ):
                yield form


def made(form):
    """The form's fields, also those that it adds when it is made."""
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
def test_every_field_of_ones_own_words_refuses_a_number_and_says_so_beside_it():
    found = {
        f"{form.__name__}.{name}": field
        for form in forms_of_grants()
        for name, field in made(form).items()
        if type(field) is forms.CharField and not isinstance(field.widget, forms.HiddenInput)
    }
    assert set(found) == {
        "TermsForm.reason",
        "AwardForm.reason",
        "ApplicationForm.partners",
        "ApplicationForm.reason",
        "SendBackForm.reason",
        "PayForm.reference",
        "VoucherForm.what",
        "WithdrawForm.reason",
    }
    for name, field in found.items():
        assert without_cpr in field.validators, name
        assert "CPR" in str(field.help_text), name


def test_a_voucher_that_names_a_person_is_refused(trial, client):
    client.force_login(trial.leader)
    data = {
        "category": "staff",
        "municipality": trial.first.municipalities.get().pk,
        "on": "2016-05-02",
        "amount": "1234",
        "what": WRITTEN,
        "submission": str(uuid.uuid4()),
        "file": SimpleUploadedFile("a.pdf", pdf()),
    }
    assert SAID in client.post(reverse("grants:new_voucher", args=["aalborg"]), data).content.decode()
    assert not Voucher.objects.exists()


def test_so_is_a_withdrawal(trial, client):
    voucher = VoucherFactory(project=trial.first)
    client.force_login(trial.leader)
    answer = client.post(reverse("grants:withdraw_voucher", args=[voucher.public_id]), {"reason": WRITTEN})
    assert SAID in answer.content.decode()
    assert Voucher.objects.standing().exists()


def test_so_is_what_the_agency_writes(trial, client):
    sent_back = StatementFactory(project=trial.first, state="submitted")
    approved = StatementFactory(project=trial.second, state="approved", events=1)
    client.force_login(trial.agency)
    for name, found, data in [
        ("send_back", sent_back, {"reason": WRITTEN}),
        ("pay", approved, {"paid_on": "2017-02-01", "reference": WRITTEN}),
    ]:
        answer = client.post(reverse(f"grants:{name}", args=[found.public_id]), data)
        assert SAID in answer.content.decode()
    assert set(Statement.objects.values_list("state", flat=True)) == {"submitted", "approved"}
    application = {"received_at": "2015-11-09T11:00", "pages": 12, "budget": 1, "target_count": 1}
    address = reverse("grants:application", args=["aalborg"])
    for own in ({"reason": WRITTEN}, {"reason": "Modtaget", "partners": WRITTEN}):
        assert SAID in client.post(address, application | own).content.decode()
    assert not Application.objects.exists()
