"""The pages of a statement's life: who takes which step, what is recorded, what it costs."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import translation

from audit.models import AccessRecord
from grants.models import Document, Statement
from grants.presentation import export, pdf
from grants.reckoning.compute import compute
from grants.statements import documents
from jobfirst import clock
from tests.factories import CourseFactory, PlacementFactory
from tests.scenarios.earned_events import recompute_events
from tests.scenarios.grant_statements import (
    END_2016,
    answer_doubts,
    approved_statement,
    checked_statement,
    submitted_statement,
)


def statement_url(name, row):
    return reverse(f"grants:{name}", args=[getattr(row, "public_id", row)])


@pytest.fixture
def log_in(client):
    def go(user):
        client.force_login(user)
        return client

    return go


def post_submission(client, trial, **changed):
    form = client.get(reverse("grants:submit", args=["aalborg"]), {"year": "2016"}).context["form"]
    data = {name: form[name].value() for name in ("year", "cut_off", "seen", "submission")}
    data |= {"declared": "on"} | changed
    return client.post(
        reverse("grants:submit", args=["aalborg"]), {k: v for k, v in data.items() if v is not None}
    )


def test_the_leader_submits_with_a_declaration(trial, log_in):
    response = post_submission(log_in(trial.leader), trial)
    statement = Statement.objects.get()
    assert response.url == statement_url("stored", statement)
    assert (statement.project, statement.submitted_by) == (trial.aalborg, trial.leader)
    assert Document.objects.get().statement == statement


def test_without_the_declaration_nothing_is_submitted(trial, log_in):
    response = post_submission(log_in(trial.leader), trial, declared=None)
    assert response.status_code == 200
    assert "form-error" in response.content.decode()
    assert not Statement.objects.exists()


def test_changed_figures_are_shown_anew_and_can_then_be_submitted(trial, log_in):
    client = log_in(trial.leader)
    response = post_submission(client, trial, seen="0" * 64)
    assert "Se tallene igennem igen" in response.content.decode()
    assert response.context["form"]["seen"].value() != "0" * 64
    assert post_submission(client, trial).status_code == 302


def test_the_agency_takes_the_statement_to_its_payment(trial, log_in):
    post_submission(log_in(trial.leader), trial)
    statement = Statement.objects.get()
    page = statement_url("stored", statement)
    answer_doubts(trial.aalborg, END_2016)
    client = log_in(trial.agency)
    client.post(statement_url("check", statement))
    response = client.post(statement_url("approve", statement), follow=True)
    assert "både kontrollere og godkende" in response.content.decode()
    client = log_in(trial.approver)
    response = client.post(statement_url("approve", statement), follow=True)
    assert "PDF er ikke klar endnu" in response.content.decode()
    documents.make(statement.document.pk)
    client.post(statement_url("approve", statement))
    response = client.post(
        statement_url("pay", statement),
        {"paid_on": clock.today().isoformat(), "reference": "R-7"},
        follow=True,
    )
    assert "R-7" in response.content.decode()
    assert client.get(page).context["statement"].state == "paid"


def test_a_statement_sent_back_shows_why(trial, log_in):
    statement = submitted_statement(trial.aalborg, END_2016, trial.leader)
    client = log_in(trial.agency)
    assert client.post(statement_url("send_back", statement), {"reason": ""}).status_code == 200
    client.post(statement_url("send_back", statement), {"reason": "Mangler dage"})
    page = log_in(trial.leader).get(statement_url("stored", statement)).content.decode()
    assert "Mangler dage" in page


def test_the_agency_is_told_when_the_courses_have_changed(trial, log_in):
    statement = submitted_statement(trial.aalborg, END_2016, trial.leader)
    trial.completed.placements.update(ended_on="2016-04-20")
    recompute_events()
    page = log_in(trial.agency).get(statement_url("stored", statement)).content.decode()
    assert "kan ikke godkendes" in page


def test_a_submitted_statement_records_its_citizens(trial, log_in):
    statement = submitted_statement(trial.aalborg, END_2016, trial.leader)
    for name, extra in (("stored", []), ("stored_download", ["csv"])):
        log_in(trial.agency).get(reverse(f"grants:{name}", args=[statement.public_id, *extra]))
    records = AccessRecord.objects.filter(action__startswith="grants.stored")
    assert [len(record.citizens) for record in records] == [2, 2]


def test_the_pages_name_no_citizen(trial, log_in):
    statement = submitted_statement(trial.aalborg, END_2016, trial.leader)
    page = log_in(trial.agency).get(statement_url("stored", statement)).content.decode()
    assert trial.completed.citizen.pseudonym in page
    assert trial.completed.citizen_name not in page
    assert trial.completed.citizen.cpr not in page


def test_a_pdf_is_ordered_once_and_fetched_when_it_is_made(trial, log_in):
    client = log_in(trial.leader)
    data = {"year": "2016", "submission": str(uuid.uuid4())}
    for _time in range(2):
        response = client.post(reverse("grants:order_project_pdf", args=["aalborg"]), data)
    document = Document.objects.get()
    assert response.url == statement_url("document", document)
    assert "hx-trigger" in client.get(response.url).content.decode()
    assert client.get(statement_url("document_file", document)).status_code == 404
    documents.make(document.pk)
    assert "hx-trigger" not in client.get(response.url).content.decode()
    file = client.get(statement_url("document_file", document))
    assert file.content.startswith(b"%PDF")
    assert file["Content-Disposition"].startswith("attachment")
    assert len(AccessRecord.objects.get(action="grants.document").citizens) == 2


def test_the_national_pdf_has_everybodys_events(trial, log_in):
    import io

    import pypdf

    client = log_in(trial.agency)
    client.post(reverse("grants:order_pdf"), {"year": "2016"})
    document = Document.objects.get()
    documents.make(document.pk)
    content = client.get(statement_url("document_file", document)).content
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "32.000,00" in text
    everybody = [course.citizen for course in (trial.completed, trial.started, trial.aarhus_course)]
    assert not [citizen.pseudonym for citizen in everybody if citizen.pseudonym not in text]
    records = AccessRecord.objects.get(action="grants.document").citizens
    assert sorted(records) == sorted(citizen.public_id for citizen in everybody)


def test_the_progress_of_a_document_moves_with_every_project(trial, log_in, monkeypatch):
    client = log_in(trial.agency)
    response = client.post(reverse("grants:order_pdf"), {"year": "2016"})
    document, progress_seen = Document.objects.get(), []
    note = documents.note_progress

    def note_and_open_page(pk, **fields):
        note(pk, **fields)
        page = client.get(response.url).content.decode()
        progress_bar = re.search(r'max="100" value="(\d+)"', page)
        progress_seen.append(int(progress_bar[1]) if progress_bar else None)

    monkeypatch.setattr(documents, "note_progress", note_and_open_page)
    documents.make(document.pk)
    front, first, second = (documents.RECKONED + 85 * part // 3 for part in (1, 2, 3))
    assert progress_seen == [documents.BEGUN, documents.RECKONED, front, first, second, None]
    assert second == documents.DRAWN


def test_a_leaders_national_pdf_holds_her_own_project_only(trial, log_in):
    log_in(trial.leader).post(reverse("grants:order_pdf"), {"year": "2016"})
    draft, _kept = documents._read_or_reckon(Document.objects.get())
    assert [item.project.slug for item in draft.projects] == ["aalborg"]


def test_a_pdf_order_with_an_invalid_year_is_refused(trial, log_in):
    response = log_in(trial.agency).post(reverse("grants:order_pdf"), {"year": "MMXVI"})
    assert response.status_code == 302
    assert not Document.objects.exists()


@pytest.mark.parametrize("citizens", [0, 30])
def test_the_pages_keep_to_their_queries(trial, log_in, django_assert_max_num_queries, citizens):
    company = trial.completed.placements.get().company
    for _ in range(citizens):
        PlacementFactory(course=CourseFactory(project_for=trial.aalborg), company=company)
    statement = approved_statement(trial.aalborg, END_2016)
    client = log_in(trial.agency)
    with django_assert_max_num_queries(8):
        client.get(statement_url("stored", statement))
    with django_assert_max_num_queries(8):
        client.get(reverse("grants:statements"))
    with django_assert_max_num_queries(13):
        client.get(reverse("grants:project", args=["aalborg"]), {"year": "2016"})


def test_pending_statements_are_listed_first_and_a_state_filters(trial, log_in):
    waiting = submitted_statement(trial.aalborg, END_2016)
    done = approved_statement(trial.aarhus, END_2016)
    client = log_in(trial.agency)
    page = client.get(reverse("grants:statements"))
    assert [record.pk for record in page.context["table"].records] == [waiting.pk, done.pk]
    chosen = client.get(reverse("grants:statements"), {"state": "approved"})
    assert [record.pk for record in chosen.context["table"].records] == [done.pk]
    nothing = client.get(reverse("grants:statements"), {"state": "nonsense"})
    assert len(list(nothing.context["table"].records)) == 2
    assert client.get(reverse("grants:statement")).context["pending"] == 1


@pytest.mark.parametrize(
    ("days", "rehearsal", "is_accepted"), [(1, False, True), (0, False, False), (0, True, True)]
)
def test_a_day_that_is_not_over_is_no_cut_off_in_a_real_system(
    trial, log_in, settings, monkeypatch, days, rehearsal, is_accepted
):
    settings.JOBFIRST_MODE = "rehearsal" if rehearsal else "real"
    day = END_2016 + datetime.timedelta(days=days)
    monkeypatch.setattr(clock, "today", lambda: day)
    post_submission(log_in(trial.leader), trial)
    assert Statement.objects.exists() == is_accepted


@pytest.mark.parametrize(("days", "rehearsal"), [(0, False), (365, True)])
def test_a_payment_lies_ahead_in_a_rehearsal_only(trial, log_in, settings, days, rehearsal):
    statement = approved_statement(trial.aalborg, END_2016)
    settings.JOBFIRST_MODE = "rehearsal" if rehearsal else "real"
    client = log_in(trial.agency)
    last = clock.today() + datetime.timedelta(days=days)

    def pay(day):
        client.post(statement_url("pay", statement), {"paid_on": day.isoformat(), "reference": "R"})
        return Statement.objects.get().state

    assert pay(last + datetime.timedelta(days=1)) == "approved"
    assert pay(last) == "paid"


def test_a_look_back_says_that_nothing_is_payable_from_it(trial, log_in):
    approved_statement(trial.aalborg, END_2016)
    client = log_in(trial.agency)
    warning = "En opgørelse til og med 31. december 2016 er godkendt"
    earlier = {"year": "2016", "cut_off": "2016-06-30"}
    page = client.get(reverse("grants:project", args=["aalborg"]), earlier)
    assert warning in page.content.decode()
    assert warning in client.get(reverse("grants:statement"), earlier).content.decode()
    snapshot_page = reverse("grants:kept", args=[page.context["snapshot_ref"].public_id])
    assert warning in client.get(snapshot_page).content.decode()
    assert (
        warning
        not in client.get(reverse("grants:project", args=["aalborg"]), {"year": "2016"}).content.decode()
    )
    assert warning not in client.get(reverse("grants:project", args=["aarhus"]), earlier).content.decode()
    data = client.get(reverse("grants:download", args=["json"]), earlier).json()
    assert [item.get("approved_until") for item in data["projects"]] == ["2016-12-31", None]
    with translation.override("da"):
        draft = compute(2016, datetime.date(2016, 6, 30), [trial.aalborg])
        assert pdf.common_context(draft)["look_back_warnings"][0].startswith(warning)
        assert warning in export.as_text(draft)


def test_a_statement_that_cannot_be_submitted_says_why_and_offers_no_form(trial, log_in):
    """Where a statement cannot be submitted the page says why, and offers no form."""
    approved_statement(trial.aalborg, END_2016)
    client = log_in(trial.leader)
    submit_url = reverse("grants:submit", args=["aalborg"])
    for asked, why in (
        ({"year": "2016", "cut_off": "2016-06-30"}, "31. december 2016"),
        ({"year": "2017", "cut_off": "2016-12-31"}, "ligge i opgørelsens år"),
    ):
        page = client.get(reverse("grants:project", args=["aalborg"]), asked).content.decode()
        assert f'href="{submit_url}?' not in page
        assert why in page
        form = client.get(submit_url, asked).content.decode()
        assert why in form
        assert 'name="declared"' not in form
    page = client.get(reverse("grants:project", args=["aalborg"]), {"year": "2017"}).content.decode()
    assert f'href="{submit_url}?' in page


def test_the_payment_names_its_sum_and_is_offered_once(trial, log_in):
    statement = approved_statement(trial.aalborg, END_2016)
    client = log_in(trial.agency)
    page = client.get(statement_url("pay", statement)).content.decode()
    assert "24.000,00 kr. til udbetaling" in page
    assert "31. december 2016" in page
    client.post(statement_url("pay", statement), {"paid_on": clock.today().isoformat(), "reference": "R"})
    for step in ("pay", "send_back"):
        response = client.get(statement_url(step, statement), follow=True)
        assert response.redirect_chain
        assert "Du skal ikke gøre noget her" in response.content.decode()


def test_a_statement_that_is_not_fresh_offers_no_approval(trial, log_in):
    statement = checked_statement(trial.aalborg, END_2016)
    client = log_in(trial.approver)
    approving = f'href="{statement_url("approve", statement)}"'
    assert approving in client.get(statement_url("stored", statement)).content.decode()
    trial.completed.placements.update(ended_on=datetime.date(2016, 4, 20))
    recompute_events()
    page = client.get(statement_url("stored", statement)).content.decode()
    assert approving not in page
    assert statement_url("send_back", statement) in page
