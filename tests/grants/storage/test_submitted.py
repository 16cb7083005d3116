"""A submitted statement is shown exactly as it was, whatever is called something else afterwards."""

import io
import re

import openpyxl
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Project, User
from accounts.roles import Role
from cases.models import Citizen
from companies.models import Company
from grants.models import Statement
from grants.presentation import export
from grants.statements import actions, documents
from grants.storage import approvals, submitted
from tests.factories import PlacementFactory, UserFactory
from tests.grants.factories import StatementFactory
from tests.loops import some
from tests.scenarios.grant_statements import (
    END_2016,
    answer_doubts,
    checked_statement,
    submitted_statement,
)

SUBMITTED, CHECKED, APPROVED, PAID, RETURNED = ("Lene", "Carl", "Anna", "Poul", "Rita")


@pytest.fixture
def paid(trial):
    """A statement that four people have had in their hands, and one spell that gave nothing."""
    PlacementFactory(
        course=trial.started, kind="sniffing", starts_on="2016-03-01", planned_end_on="2016-03-10"
    )
    trial.leader.name = SUBMITTED
    trial.leader.save()
    statement = submitted_statement(trial.aalborg, END_2016, trial.leader)
    documents.make(statement.document.pk)
    answer_doubts(trial.aalborg, END_2016)
    actions.check(statement, UserFactory(name=CHECKED))
    statement = actions.approve(statement, UserFactory(name=APPROVED))
    today = timezone.localdate()
    return actions.pay(statement, UserFactory(name=PAID), today, "R-1", last_day=today)


def rename_everything():
    """Call everybody and everything something else. Leaves nothing that bears its old name."""
    for project in Project.objects.all():
        Project.objects.filter(pk=project.pk).update(
            slug=f"new-{project.slug}", name="Et nyt navn", target_count=7
        )
    User.objects.update(name="En anden")
    Company.objects.update(name="Et andet firma")
    for citizen in Citizen.objects.all():
        Citizen.objects.filter(pk=citizen.pk).update(pseudonym=f"X{citizen.pk}")


def cells(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet] for sheet in book}


def files(statement):
    draft = submitted.read(Statement.objects.get(pk=statement.pk))
    files_by_format = {kind: export.as_file(draft, kind) for kind in ("json", "csv", "text", "xlsx")}
    names = [file.name for file in files_by_format.values()]
    return (
        names,
        [files_by_format[kind].content for kind in ("json", "csv", "text")],
        cells(files_by_format["xlsx"].content),
    )


def test_files_are_the_same_after_everything_was_renamed(paid):
    before = files(paid)
    rename_everything()
    assert files(paid) == before


@pytest.mark.parametrize("reader", ["agency", "leader"])
def test_pages_are_the_same_after_everything_was_renamed(trial, paid, client, reader):
    def shown_pages():
        client.force_login(User.objects.get(pk=getattr(trial, reader).pk))
        pages = [client.get(reverse("grants:stored", args=[paid.public_id]))]
        for course in (trial.completed, trial.started):
            pages.append(
                client.get(reverse("grants:explain_stored", args=[paid.public_id, course.public_id]))
            )
        pages.append(client.get(reverse("grants:document", args=[paid.document.public_id])))
        bodies = [re.search("<main.*</main>", page.content.decode(), re.DOTALL)[0] for page in pages]
        return bodies + client.get(reverse("grants:statements")).context["table"].rows()

    before = shown_pages()
    assert not [name for name in (SUBMITTED, CHECKED, APPROVED, PAID) if name not in before[0]]
    company = trial.completed.placements.get().company
    assert (company.name in before[1]) == (reader == "leader")
    assert trial.aalborg.name in before[3]
    rename_everything()
    assert shown_pages() == before


def test_a_renamed_project_is_still_approved(trial):
    statement = checked_statement(trial.aalborg, END_2016)
    rename = Project.objects.filter(pk=trial.aalborg.pk)
    rename.update(slug="noget-andet", name="Noget andet")
    assert actions.is_fresh(Statement.objects.get(pk=statement.pk))
    statement = actions.approve(statement, UserFactory())
    data = export.as_document(submitted.read(statement))
    assert data["projects"][0]["project"] == "aalborg"
    assert data["content_hash"] == statement.content_hash


def test_the_name_of_who_sent_back_is_stored(trial, client):
    statement = actions.send_back(
        submitted_statement(trial.aalborg, END_2016), UserFactory(name=RETURNED), "Mangler"
    )
    rename_everything()
    client.force_login(trial.leader)
    assert RETURNED in client.get(reverse("grants:stored", args=[statement.public_id])).content.decode()


@pytest.mark.parametrize("state", ["submitted", "checked", "approved", "paid"])
def test_the_database_writes_the_names_and_keeps_them(db, state):
    statement = StatementFactory(state=state, events=1, submitted_name="En helt anden")
    assert (statement.project_slug, statement.project_name) == (
        statement.project.slug,
        statement.project.name,
    )
    steps = ["submitted", "checked", "approved", "paid"]
    for step in some(steps[: steps.index(state) + 1]):
        assert getattr(statement, f"{step}_name") == getattr(statement, f"{step}_by").name
    for name in ("project_slug", "project_name", *(f"{step}_name" for step in steps)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Statement.objects.filter(pk=statement.pk).update(**{name: "Nyt"})


@pytest.mark.parametrize("role", [Role.MENTOR, Role.PROJECT_LEADER])
def test_nobody_of_the_project_decides_on_its_statement(trial, client, role):
    inside = UserFactory(project=trial.aalborg, roles=[role, Role.AGENCY])
    statement = submitted_statement(trial.aalborg, END_2016)
    documents.make(statement.document.pk)
    today = timezone.localdate()
    answer_doubts(trial.aalborg, END_2016)
    steps = [
        ("check", lambda user: actions.check(statement, user)),
        ("approve", lambda user: actions.approve(statement, user)),
        ("pay", lambda user: actions.pay(statement, user, today, "R", last_day=today)),
    ]
    client.force_login(inside)
    address = reverse("grants:stored", args=[statement.public_id])
    for name, step in steps:
        with pytest.raises(actions.ValidationError):
            step(User.objects.get(pk=inside.pk))
        may = client.get(address).context["may"]
        assert not getattr(may, name)
        assert may.inside
        step(UserFactory())


def test_whoever_submitted_does_not_record_the_payment(trial, client):
    leader = UserFactory(roles=[Role.AGENCY])
    statement = submitted_statement(trial.aalborg, END_2016, leader)
    documents.make(statement.document.pk)
    answer_doubts(trial.aalborg, END_2016)
    actions.check(statement, UserFactory())
    actions.approve(statement, UserFactory())
    today = timezone.localdate()
    with pytest.raises(actions.ValidationError):
        actions.pay(statement, leader, today, "R", last_day=today)
    client.force_login(leader)
    page = client.get(reverse("grants:stored", args=[statement.public_id]))
    assert not page.context["may"].pay


@pytest.mark.parametrize("step", ["checked", "approved", "paid"])
@pytest.mark.parametrize("person", ["submitter", "inside"])
def test_the_database_refuses_a_decision_in_ones_own_case(db, step, person):
    before = {"checked": "submitted", "approved": "checked", "paid": "approved"}[step]
    statement = StatementFactory(state=before, events=1)
    person = (
        statement.submitted_by
        if person == "submitter"
        else UserFactory(project=statement.project, roles=[Role.MENTOR])
    )
    now = timezone.now()
    fields = {"state": step, f"{step}_by": person, f"{step}_at": now}
    if step == "approved":
        approvals.store(statement, "{}")
        fields["pdf_sha256"] = "1" * 64
    if step == "paid":
        fields |= {"paid_on": now.date(), "payment_reference": "R"}
    rows = Statement.objects.filter(pk=statement.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**fields)
    assert rows.update(**{**fields, f"{step}_by": UserFactory()}) == 1
