"""The content of a work agreement's version is declared once, in the model, and never changes (D15, D37)."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from accounts.models import Municipality
from companies.actions import companies
from companies.forms.agreements import AgreementForm
from companies.models import (
    AgreementHours,
    Company,
    CompanyContact,
    Placement,
    WorkAgreement,
    Workplace,
)
from companies.models.agreement import ADDED_FIELDS, CONTENT_FORMAT
from companies.presentation.agreements import document
from jobfirst.pdf.documents import render_pdf
from tests.companies.annex.factories import publish_annex
from tests.documents import as_printed, changed_values, fields_printed_by
from tests.factories import PlacementFactory, UserFactory
from tests.loops import some
from tests.pdf_text import pdf_text
from tests.scenarios.changed_names import hand_over, rename_citizen
from tests.scenarios.work_agreements import (
    CONTENT,
    SIGNED_ON,
    save_agreement,
    work_period,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def with_content(**text: str):
    """Return a change of the form's text."""
    return lambda placement: {"content": {**CONTENT, **text}}


def correct_contact(**details: str):
    def change(placement: Placement) -> dict:
        contact = placement.company.contacts.get()
        companies.save_contact(placement.company, details, contact, project=contact.project)
        return {}

    return change


def correct_placement(**fields: object):
    def change(placement: Placement) -> dict:
        Placement.objects.filter(pk=placement.pk).update(**fields)
        return {}

    return change


def move_to_workplace(**facts: object):
    def change(placement: Placement) -> dict:
        workplace = Workplace.objects.create(company_id=placement.company_id, **facts)
        Placement.objects.filter(pk=placement.pk).update(workplace=workplace)
        return {}

    return change


def correct_company(**fields: object):
    def change(placement: Placement) -> dict:
        Company.objects.filter(pk=placement.company_id).update(**fields)
        return {}

    return change


def choose_other_contact(placement: Placement) -> dict:
    """Choose another contact person whose details are the same."""
    contact = placement.company.contacts.get()
    details = {name: getattr(contact, name) for name in CompanyContact.DETAILS}
    return {"contact": CompanyContact.objects.create(company=placement.company, **details)}


def ask_other_questions(placement: Placement) -> dict:
    publish_annex(SIGNED_ON, on_time="Noget nyt?")
    return {}


def ask_questions_of_the_trial(placement: Placement) -> dict:
    publish_annex(SIGNED_ON, is_own_choice=False)
    return {}


def rename_municipality(placement: Placement) -> dict:
    Municipality.objects.filter(pk=placement.course.municipality_id).update(name="Nykommune")
    return {}


#: For each field of the content: what changes it before the agreement is saved once more.
CHANGES = {
    "citizen_name": lambda placement: rename_citizen(placement.course) or {},
    "municipality_name": rename_municipality,
    "mentor_name": lambda placement: hand_over(placement.course, "mentor") or {},
    "job_consultant_name": lambda placement: hand_over(placement.course, "job_consultant") or {},
    "tasks": with_content(tasks="Bage"),
    "goals": with_content(goals="Lære at bage"),
    "subgoals": with_content(subgoals="Veje mel af"),
    "support_needs": with_content(support_needs=""),
    "accommodations": with_content(accommodations="Siddende arbejde"),
    "company_contact": choose_other_contact,
    "company_contact_name": correct_contact(name="Karla Nygift"),
    "company_contact_title": correct_contact(title="Mester"),
    "company_contact_phone": correct_contact(phone="11 22 33 44"),
    "company_contact_email": correct_contact(email="karla@example.invalid"),
    "company_name": correct_company(name="Bageren II ApS"),
    "company_cvr": correct_company(cvr="00000019"),
    "p_number": move_to_workplace(p_number="1234567890"),
    "workplace_name": move_to_workplace(name="Butikken"),
    "workplace_address": move_to_workplace(street="Torvet 1"),
    "placement_kind": correct_placement(kind="wage_subsidy", match=None),
    "starts_on": correct_placement(starts_on=datetime.date(2016, 5, 3)),
    "ends_on": correct_placement(ended_on=datetime.date(2016, 5, 20)),
    "internship_hours": correct_placement(internship_hours=Decimal("12.5")),
    "ordinary_hours": correct_placement(ordinary_hours=Decimal("2.5")),
    "progression_questions": ask_other_questions,
    "questions_are_own_choice": ask_questions_of_the_trial,
    "representative_name": correct_placement(representative_name="Rita Repræsentant"),
    "representative_confirmed_on": correct_placement(
        representative_name="Rita Repræsentant", representative_confirmed_on=datetime.date(2016, 5, 12)
    ),
    "valid_from": lambda placement: {"valid_from": datetime.date(2016, 6, 1)},
}


#: What a signature sealed in the first form of the content: it never changes, or old signatures fail.
FIRST_FORM = [
    "accommodations",
    "citizen_name",
    "company_contact_email",
    "company_contact_name",
    "company_contact_phone",
    "company_contact_title",
    "company_cvr",
    "company_name",
    "ends_on",
    "goals",
    "internship_hours",
    "job_consultant_name",
    "mentor_name",
    "municipality_name",
    "ordinary_hours",
    "p_number",
    "placement_kind",
    "progression_questions",
    "questions_are_own_choice",
    "schedule",
    "starts_on",
    "subgoals",
    "support_needs",
    "tasks",
    "valid_from",
    "workplace_address",
    "workplace_name",
]


def test_each_form_of_the_content_seals_its_own_fields() -> None:
    sealed: set[str] = set(FIRST_FORM)
    for number in range(1, CONTENT_FORMAT + 1):
        sealed |= set(ADDED_FIELDS.get(number, ()))
        assert set(WorkAgreement(content_format=number).fields_sealed()) == sealed, number
    assert sealed == set(WorkAgreement.content_names()) - {"company_contact"} | {"schedule"}


def test_every_field_is_content_or_bookkeeping() -> None:
    names = {field.name for field in WorkAgreement._meta.concrete_fields}
    assert set(CHANGES) == names - WorkAgreement.BOOKKEEPING
    assert set(WorkAgreement.content_names()) == set(CHANGES)
    assert names >= WorkAgreement.BOOKKEEPING


@pytest.mark.parametrize("field", CHANGES)
def test_a_change_of_any_content_makes_a_new_version(internship, field) -> None:
    first = save_agreement(internship, schedule=[])
    changes = CHANGES[field](internship)
    internship.refresh_from_db()
    second = save_agreement(internship, schedule=[], **changes)
    assert second.number == 2
    first_value = getattr(first, field)
    first.refresh_from_db()
    assert getattr(first, field) == first_value
    assert getattr(second, field) != first_value


def test_other_hours_of_the_week_make_a_new_version(internship) -> None:
    save_agreement(internship, schedule=[work_period(1, "08:00", "12:00")])
    assert save_agreement(internship, schedule=[work_period(2, "08:00", "12:00")]).number == 2


def test_content_without_one_of_its_fields_is_refused(internship) -> None:
    with pytest.raises(KeyError):
        save_agreement(
            internship, content={name: text for name, text in CONTENT.items() if name != "subgoals"}
        )
    first = save_agreement(internship)
    with pytest.raises(KeyError):
        first.says({})


def test_the_form_asks_for_all_that_people_write() -> None:
    assert set(WorkAgreement.written_names()) == {*CONTENT, "company_contact"}
    assert set(WorkAgreement.written_names()) <= set(AgreementForm.base_fields)


def test_the_document_prints_all_content(internship) -> None:
    contact = internship.company.contacts.get()
    details = {"title": "Mester", "phone": "12 34 56 78", "email": "karla@example.invalid"}
    companies.save_contact(internship.company, details, contact, project=contact.project)
    move_to_workplace(p_number="1234567890", name="Butikken", street="Torvet 1")(internship)
    CHANGES["representative_confirmed_on"](internship)
    correct_placement(ordinary_hours=Decimal("2.5"))(internship)
    for function in ("mentor", "job_consultant"):
        hand_over(internship.course, function)
    agreement = save_agreement(internship, schedule=[])
    text = pdf_text(render_pdf("companies/agreement_pdf.html", document(agreement)))
    printed = agreement.printed()
    references = {"company_contact"}
    assert set(printed) - {"number", "made_on"} == set(CHANGES) - references
    for name, value in some(printed.items()):
        assert as_printed(value) in text, name


def test_the_template_of_the_pdf_reads_every_field() -> None:
    """Booleans, too, which have no text of their own to look for."""
    references = {"company_contact"}
    wanted = set(WorkAgreement.content_names()) - references
    templates = ("agreement_pdf", "_agreement_sections", "_agreement_annex")
    fields = [fields_printed_by(f"companies/{name}.html", "agreement") for name in templates]
    assert wanted - set().union(*fields) == set()


def test_the_note_of_the_projects_own_choice_follows_the_questions(internship) -> None:
    ask_questions_of_the_trial(internship)
    text = pdf_text(render_pdf("companies/agreement_pdf.html", document(save_agreement(internship))))
    assert "udarbejdet af projektet" not in text


# What the database refuses, whoever asks


def database_error(change) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        change()
    return str(caught.value)


@pytest.mark.parametrize("state", ["awaiting", "replaced"])
def test_nothing_but_the_state_of_a_made_version_changes(internship, state) -> None:
    agreement = save_agreement(internship, by=UserFactory())
    if state == "replaced":
        save_agreement(internship, content={**CONTENT, "tasks": "Andet"})
    row = WorkAgreement.objects.filter(pk=agreement.pk, state=state)
    references = {
        "placement": PlacementFactory(),
        "made_by": UserFactory(),
        "company_contact": CompanyContact.objects.create(company=internship.company, name="Ny"),
    }
    values = changed_values(row.get(), references)
    assert values.keys() == {field.name for field in WorkAgreement._meta.concrete_fields} - {"state"}
    for name, value in some(values.items()):
        assert "Cannot update" in database_error(
            lambda name=name, value=value: row.update(**{name: value})
        ), name


def test_a_version_is_never_removed_nor_put_in_force_again(internship) -> None:
    first = save_agreement(internship)
    save_agreement(internship, content={**CONTENT, "tasks": "Andet"})
    rows = WorkAgreement.objects.filter(pk=first.pk)
    assert rows.get().state == "replaced"
    for state in ("awaiting", "draft"):
        assert "Invalid transition" in database_error(lambda state=state: rows.update(state=state))
    assert "Cannot delete" in database_error(lambda: rows._raw_delete(rows.db))


def test_the_hours_of_a_made_version_are_final(internship) -> None:
    agreement = save_agreement(internship)
    hours = AgreementHours.objects.filter(agreement=agreement)
    new_hours = AgreementHours(
        agreement=agreement,
        weekday=2,
        kind="ordinary",
        starts_at=datetime.time(8),
        ends_at=datetime.time(9),
    )
    assert "permission denied" in database_error(lambda: hours.update(weekday=3))
    assert "permission denied" in database_error(lambda: hours._raw_delete(hours.db))
    assert "are final" in database_error(new_hours.save)
