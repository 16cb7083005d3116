"""Doubts about a statement: listed, answered by the municipality, and before the approval (D58)."""

import json
from datetime import date
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.roles import Role
from audit.models import AccessRecord
from companies.models import PlacementReport
from grants.models import DoubtAnswer, Statement
from grants.presentation import export
from grants.reckoning.compute import compute
from grants.reckoning.doubts import with_doubts
from grants.statements import actions, documents
from grants.statements.doubt_answers import DoubtReply, answer, open_doubts
from reminders.models import Reminder
from tests.factories import UserFactory
from tests.loops import some
from tests.scenarios.grant_statements import END_2016, answer_doubts, approved_statement, submitted_statement

TODAY = date(2017, 1, 10)


@pytest.fixture(autouse=True)
def cheap_pdf(monkeypatch):
    monkeypatch.setattr(export, "as_pdf", lambda draft, *_args: b"%PDF- " + repr(draft).encode())


def doubt_url(project, doubt, **more):
    query = {"year": "2016", "cut_off": END_2016.isoformat(), "doubt": doubt.key, **more}
    return f"{reverse('grants:answer_doubt', args=[project.slug])}?{urlencode(query)}"


def doubts(project):
    return open_doubts(project, END_2016, TODAY).doubts


def checked(trial):
    """A checked statement of Aalborg whose doubts nobody has answered."""
    statement = submitted_statement(trial.aalborg, END_2016, trial.leader)
    documents.make(statement.document.pk)
    return actions.check(statement, trial.agency)


def test_the_draft_lists_events_that_rest_on_unsigned_agreements(trial, get_as):
    page = get_as("leader", reverse("grants:project", args=["aalborg"]), {"year": "2016"})
    text = page.content.decode()
    assert "Arbejdsaftalen er ikke underskrevet af alle" in text
    assert "Svar på tvivlspunktet" in text
    assert trial.completed.citizen.pseudonym in text


def test_the_agency_sees_doubts_and_answers_and_answers_none(trial, get_as):
    answer_doubts(trial.aalborg, END_2016)
    page = get_as("agency", reverse("grants:project", args=["aalborg"]), {"year": "2016"}).content.decode()
    assert "Kommunen har set efter" in page
    assert "Ret svaret" not in page


def test_the_leader_answers_a_doubt_and_it_is_recorded_who_was_seen(trial, log_in):
    client = log_in(trial.leader)
    doubt = doubts(trial.aalborg)[0]
    form = client.get(doubt_url(trial.aalborg, doubt)).context["form"]
    data = {"text": "Aftalen ligger på papir", "submission": form["submission"].value()}
    for _time in range(2):
        client.post(doubt_url(trial.aalborg, doubt), data)
    stored = DoubtAnswer.objects.get()
    assert (stored.text, stored.answered_by, stored.answered_name) == (
        "Aftalen ligger på papir",
        trial.leader,
        trial.leader.name,
    )
    assert AccessRecord.objects.filter(action="grants.answer_doubt").exists()


def test_the_page_of_an_answer_leads_to_the_course(trial, log_in):
    doubt = doubts(trial.aalborg)[0]
    page = log_in(trial.leader).get(doubt_url(trial.aalborg, doubt)).content.decode()
    assert reverse("cases:course", args=[doubt.citizen.public_id]) in page


def test_the_same_answer_can_be_given_to_all_of_a_sort(trial, log_in):
    unsigned = [row for row in doubts(trial.aalborg) if row.doubt.about.kind == "unsigned_agreement"]
    assert len(unsigned) > 1
    log_in(trial.leader).post(doubt_url(trial.aalborg, unsigned[0]), {"text": "Ja", "to_all": "on"})
    left = [row for row in doubts(trial.aalborg) if row.answer is None]
    assert not [row for row in left if row.doubt.about.kind == "unsigned_agreement"]


@pytest.mark.parametrize("text", ["", "Borger 010190-1234 var syg"])
def test_an_answer_has_a_text_without_a_cpr_number(trial, log_in, text):
    doubt = doubts(trial.aalborg)[0]
    assert log_in(trial.leader).post(doubt_url(trial.aalborg, doubt), {"text": text}).status_code == 200
    assert not DoubtAnswer.objects.exists()


def test_the_pdf_of_a_submission_lists_the_doubts_with_their_answers(trial, monkeypatch):
    printed = []
    monkeypatch.setattr(export, "as_pdf", lambda view, *_args: printed.append(view) or b"%PDF-")
    answer_doubts(trial.aalborg, END_2016)
    statement = submitted_statement(trial.aalborg, END_2016, trial.leader)
    documents.make(statement.document.pk)
    (item,) = printed[-1].projects
    assert some(item.doubts)
    assert item.unanswered == ()


def test_unanswered_doubts_prevent_the_approval(trial):
    statement = checked(trial)
    with pytest.raises(ValidationError, match="tvivlspunkt"):
        actions.approve(statement, trial.approver)
    answer_doubts(trial.aalborg, END_2016)
    assert actions.approve(statement, trial.approver).state == "approved"


def test_the_page_of_the_approval_says_which_doubts_are_open_and_offers_no_button(trial, log_in):
    statement = checked(trial)
    url = reverse("grants:approve", args=[statement.public_id])
    page = log_in(trial.approver).get(url).content.decode()
    assert "mangler at svare" in page
    assert "<button" not in page.split('<div id="messages"')[1].split("</main")[0]
    answer_doubts(trial.aalborg, END_2016)
    page = log_in(trial.approver).get(url).content.decode()
    assert "Kommunen har set efter" in page
    assert "Det kan ikke gøres om" in page


def test_a_doubt_that_the_facts_settle_needs_no_answer(trial):
    before = len(doubts(trial.aalborg))
    trial.completed.placements.update(kind="ordinary_employment")  # no work agreement is needed
    assert len(doubts(trial.aalborg)) < before


def test_a_new_report_of_the_company_opens_a_doubt_after_the_answers(trial):
    statement = checked(trial)
    answer_doubts(trial.aalborg, END_2016)
    placement = trial.completed.placements.get()
    PlacementReport.objects.create(
        placement=placement,
        kind="early_stop",
        last_on=placement.starts_on,
        reported_on=TODAY,
        reported_by_name="Vera",
    )
    with pytest.raises(ValidationError, match="tvivlspunkt"):
        actions.approve(statement, trial.approver)


def test_an_approved_statement_keeps_the_doubts_and_closes_them(trial):
    statement = approved_statement(trial.aalborg, END_2016)
    content = json.loads(statement.approval.content)
    assert {row["answer"]["text"] for row in content["doubts"]} == {"Kommunen har set efter"}
    assert doubts(trial.aalborg) == ()
    with pytest.raises(ValidationError, match="ikke længere åbent"):
        answer(trial.aalborg, END_2016, DoubtReply("0" * 16, "For sent"), UserFactory(), TODAY)


def test_leaders_are_told_of_open_doubts_and_the_agency_when_all_are_answered(trial):
    checked(trial)
    assert set(Reminder.objects.filter(kind="statement_doubts").values_list("recipient", flat=True)) == {
        trial.leader.pk
    }
    answer_doubts(trial.aalborg, END_2016)
    recipients = Reminder.objects.filter(kind="statement_doubts_answered").values_list("recipient", flat=True)
    assert trial.approver.pk in recipients


def test_a_foreign_leader_finds_no_doubt(trial, log_in):
    doubt = doubts(trial.aalborg)[0]
    other = UserFactory(project=trial.aarhus, roles=[Role.PROJECT_LEADER])
    assert log_in(other).get(doubt_url(trial.aalborg, doubt)).status_code == 404


def test_the_json_of_a_draft_has_the_doubts(trial):
    draft = with_doubts(compute(2016, END_2016, [trial.aalborg]), TODAY)
    (project,) = json.loads(export.as_json(draft))["projects"]
    assert {row["kind"] for row in project["doubts"]} >= {"unsigned_agreement"}
    assert Statement.objects.count() == 0


def test_doubts_take_the_same_queries_whatever_the_number_of_courses(trial, django_assert_num_queries):
    draft = compute(2016, END_2016, [trial.aalborg])
    with django_assert_num_queries(2):
        with_doubts(draft, TODAY)
