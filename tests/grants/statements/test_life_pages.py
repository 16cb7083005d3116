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
from tests.grants.life import approved, checked, submitted
from tests.grants.reckoning.test_statement import END_2016


def address(name, thing):
    return reverse(f"grants:{name}", args=[getattr(thing, "public_id", thing)])


@pytest.fixture
def signed_in(client):
    def go(user):
        client.force_login(user)
        return client

    return go


def submit(client, trial, **changed):
    form = client.get(reverse("grants:submit", args=["aalborg"]), {"year": "2016"}).context["form"]
    data = {name: form[name].value() for name in ("year", "cut_off", "seen", "submission")}
    data |= {"declared": "on"} | changed
    return client.post(
        reverse("grants:submit", args=["aalborg"]), {k: v for k, v in data.items() if v is not None}
    )


def test_the_leader_submits_with_a_declaration(trial, signed_in):
    answer = submit(signed_in(trial.leader), trial)
    statement = Statement.objects.get()
    assert answer.url == address("stored", statement)
    assert (statement.project, statement.submitted_by) == (trial.first, trial.leader)
    assert Document.objects.get().statement == statement


def test_without_the_declaration_nothing_is_submitted(trial, signed_in):
    answer = submit(signed_in(trial.leader), trial, declared=None)
    assert answer.status_code == 200
    assert "form-error" in answer.content.decode()
    assert not Statement.objects.exists()


def test_changed_figures_are_shown_anew_and_can_then_be_submitted(trial, signed_in):
    client = signed_in(trial.leader)
    answer = submit(client, trial, seen="0" * 64)
    assert "Læs tallene igen" in answer.content.decode()
    assert answer.context["form"]["seen"].value() != "0" * 64
    assert submit(client, trial).status_code == 302


def test_the_agency_takes_the_statement_to_its_payment(trial, signed_in):
    submit(signed_in(trial.leader), trial)
    statement = Statement.objects.get()
    page = address("stored", statement)
    client = signed_in(trial.agency)
    client.post(address("check", statement))
    answer = client.post(address("approve", statement), follow=True)
    assert "både kontrollere og godkende" in answer.content.decode()
    client = signed_in(trial.approver)
    answer = client.post(address("approve", statement), follow=True)
    assert "PDF er ikke lavet endnu" in answer.content.decode()
    documents.make(statement.document.pk)
    client.post(address("approve", statement))
    answer = client.post(
        address("pay", statement), {"paid_on": clock.today().isoformat(), "reference": "R-7"}, follow=True
    )
    assert "R-7" in answer.content.decode()
    assert client.get(page).context["statement"].state == "paid"


def test_a_statement_sent_back_shows_why(trial, signed_in):
    statement = submitted(trial.first, END_2016, trial.leader)
    client = signed_in(trial.agency)
    assert client.post(address("send_back", statement), {"reason": ""}).status_code == 200
    client.post(address("send_back", statement), {"reason": "Mangler dage"})
    page = signed_in(trial.leader).get(address("stored", statement)).content.decode()
    assert "Mangler dage" in page


def test_the_agency_is_told_when_the_courses_have_changed(trial, signed_in):
    statement = submitted(trial.first, END_2016, trial.leader)
    trial.done.placements.update(ended_on="2016-04-20")
    page = signed_in(trial.agency).get(address("stored", statement)).content.decode()
    assert "kan ikke godkendes" in page


def test_whom_a_statement_shows_is_recorded(trial, signed_in):
    statement = submitted(trial.first, END_2016, trial.leader)
    for name, extra in (("stored", []), ("stored_download", ["csv"])):
        signed_in(trial.agency).get(reverse(f"grants:{name}", args=[statement.public_id, *extra]))
    shown = AccessRecord.objects.filter(action__startswith="grants.stored")
    assert [len(record.citizens) for record in shown] == [2, 2]


def test_the_pages_name_no_citizen(trial, signed_in):
    statement = submitted(trial.first, END_2016, trial.leader)
    page = signed_in(trial.agency).get(address("stored", statement)).content.decode()
    assert trial.done.citizen.pseudonym in page
    assert trial.done.citizen_name not in page
    assert trial.done.citizen.cpr not in page


def test_a_pdf_is_ordered_once_and_fetched_when_it_is_made(trial, signed_in):
    client = signed_in(trial.leader)
    data = {"year": "2016", "submission": str(uuid.uuid4())}
    for _time in range(2):
        answer = client.post(reverse("grants:order_project_pdf", args=["aalborg"]), data)
    document = Document.objects.get()
    assert answer.url == address("document", document)
    assert "hx-trigger" in client.get(answer.url).content.decode()
    assert client.get(address("document_file", document)).status_code == 404
    documents.make(document.pk)
    assert "hx-trigger" not in client.get(answer.url).content.decode()
    file = client.get(address("document_file", document))
    assert file.content.startswith(b"%PDF")
    assert file["Content-Disposition"].startswith("attachment")
    assert len(AccessRecord.objects.get(action="grants.document").citizens) == 2


def test_the_national_pdf_has_everybodys_events(trial, signed_in):
    import io

    import pypdf

    client = signed_in(trial.agency)
    client.post(reverse("grants:order_pdf"), {"year": "2016"})
    document = Document.objects.get()
    documents.make(document.pk)
    content = client.get(address("document_file", document)).content
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "32.000,00" in text
    everybody = [course.citizen for course in (trial.done, trial.begun, trial.other)]
    assert not [citizen.pseudonym for citizen in everybody if citizen.pseudonym not in text]
    shown = AccessRecord.objects.get(action="grants.document").citizens
    assert sorted(shown) == sorted(citizen.public_id for citizen in everybody)


def test_its_progress_is_seen_project_by_project(trial, signed_in, monkeypatch):
    client = signed_in(trial.agency)
    answer = client.post(reverse("grants:order_pdf"), {"year": "2016"})
    document, seen = Document.objects.get(), []
    note = documents.note_progress

    def looked_at(pk, **fields):
        note(pk, **fields)
        page = client.get(answer.url).content.decode()
        seen.append(int(found[1]) if (found := re.search(r'max="100" value="(\d+)"', page)) else None)

    monkeypatch.setattr(documents, "note_progress", looked_at)
    documents.make(document.pk)
    front, first, second = (documents.RECKONED + 85 * part // 3 for part in (1, 2, 3))
    assert seen == [documents.BEGUN, documents.RECKONED, front, first, second, None]
    assert second == documents.DRAWN


def test_a_leaders_national_pdf_holds_her_own_project_only(trial, signed_in):
    signed_in(trial.leader).post(reverse("grants:order_pdf"), {"year": "2016"})
    draft, _kept = documents._draft(Document.objects.get())
    assert [item.project.slug for item in draft.projects] == ["aalborg"]


def test_no_pdf_without_a_year(trial, signed_in):
    answer = signed_in(trial.agency).post(reverse("grants:order_pdf"), {"year": "MMXVI"})
    assert answer.status_code == 302
    assert not Document.objects.exists()


@pytest.mark.parametrize("citizens", [0, 30])
def test_the_pages_keep_to_their_queries(trial, signed_in, django_assert_max_num_queries, citizens):
    company = trial.done.placements.get().company
    for _ in range(citizens):
        PlacementFactory(course=CourseFactory(project_for=trial.first), company=company)
    statement = approved(trial.first, END_2016)
    client = signed_in(trial.agency)
    with django_assert_max_num_queries(8):
        client.get(address("stored", statement))
    with django_assert_max_num_queries(8):
        client.get(reverse("grants:statements"))
    with django_assert_max_num_queries(12):
        client.get(reverse("grants:project", args=["aalborg"]), {"year": "2016"})


def test_what_is_on_its_way_stands_first_and_a_state_can_be_chosen(trial, signed_in):
    waiting = submitted(trial.first, END_2016)
    done = approved(trial.second, END_2016)
    client = signed_in(trial.agency)
    page = client.get(reverse("grants:statements"))
    assert [row.pk for row in page.context["table"].records] == [waiting.pk, done.pk]
    chosen = client.get(reverse("grants:statements"), {"state": "approved"})
    assert [row.pk for row in chosen.context["table"].records] == [done.pk]
    nothing = client.get(reverse("grants:statements"), {"state": "nonsense"})
    assert len(nothing.context["table"].records) == 2
    assert client.get(reverse("grants:statement")).context["pending"] == 1


@pytest.mark.parametrize(
    ("days", "rehearsal", "taken"), [(1, False, True), (0, False, False), (0, True, True)]
)
def test_a_day_that_is_not_over_is_no_cut_off_in_a_real_system(
    trial, signed_in, settings, monkeypatch, days, rehearsal, taken
):
    settings.JOBFIRST_MODE = "rehearsal" if rehearsal else "real"
    day = END_2016 + datetime.timedelta(days=days)
    monkeypatch.setattr(clock, "today", lambda: day)
    submit(signed_in(trial.leader), trial)
    assert Statement.objects.exists() == taken


@pytest.mark.parametrize(("days", "rehearsal"), [(0, False), (365, True)])
def test_a_payment_lies_ahead_in_a_rehearsal_only(trial, signed_in, settings, days, rehearsal):
    statement = approved(trial.first, END_2016)
    settings.JOBFIRST_MODE = "rehearsal" if rehearsal else "real"
    client = signed_in(trial.agency)
    last = clock.today() + datetime.timedelta(days=days)

    def pay(day):
        client.post(address("pay", statement), {"paid_on": day.isoformat(), "reference": "R"})
        return Statement.objects.get().state

    assert pay(last + datetime.timedelta(days=1)) == "approved"
    assert pay(last) == "paid"


def test_a_look_back_says_that_nothing_is_payable_from_it(trial, signed_in):
    approved(trial.first, END_2016)
    client = signed_in(trial.agency)
    said = "En opgørelse til og med 31. december 2016 er godkendt"
    earlier = {"year": "2016", "cut_off": "2016-06-30"}
    page = client.get(reverse("grants:project", args=["aalborg"]), earlier)
    assert said in page.content.decode()
    assert said in client.get(reverse("grants:statement"), earlier).content.decode()
    kept = reverse("grants:kept", args=[page.context["kept"].public_id])
    assert said in client.get(kept).content.decode()
    assert (
        said not in client.get(reverse("grants:project", args=["aalborg"]), {"year": "2016"}).content.decode()
    )
    assert said not in client.get(reverse("grants:project", args=["aarhus"]), earlier).content.decode()
    data = client.get(reverse("grants:download", args=["json"]), earlier).json()
    assert [item.get("approved_until") for item in data["projects"]] == ["2016-12-31", None]
    with translation.override("da"):
        draft = compute(2016, datetime.date(2016, 6, 30), [trial.first])
        assert pdf.about(draft)["look_back"][0].startswith(said)
        assert said in export.as_text(draft)


def test_nobody_is_led_into_a_refusal(trial, signed_in):
    """Where a statement cannot be submitted the page says why, and offers no form."""
    approved(trial.first, END_2016)
    client = signed_in(trial.leader)
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


def test_the_payment_names_its_sum_and_is_offered_once(trial, signed_in):
    statement = approved(trial.first, END_2016)
    client = signed_in(trial.agency)
    page = client.get(address("pay", statement)).content.decode()
    assert "24.000,00 kroner til udbetaling" in page
    assert "31. december 2016" in page
    client.post(address("pay", statement), {"paid_on": clock.today().isoformat(), "reference": "R"})
    for step in ("pay", "send_back"):
        answer = client.get(address(step, statement), follow=True)
        assert answer.redirect_chain
        assert "Der er ikke noget at gøre her" in answer.content.decode()


def test_what_cannot_be_approved_offers_no_approval(trial, signed_in):
    statement = checked(trial.first, END_2016)
    client = signed_in(trial.approver)
    approving = f'action="{address("approve", statement)}"'
    assert approving in client.get(address("stored", statement)).content.decode()
    trial.done.placements.update(ended_on=datetime.date(2016, 4, 20))
    page = client.get(address("stored", statement)).content.decode()
    assert approving not in page
    assert address("send_back", statement) in page
