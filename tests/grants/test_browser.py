"""The statement's pages in a real browser, at both widths."""

import pytest

from grants import documents
from grants.models import Document, Statement
from tests.browser import WIDTHS, assert_axe_clean, screenshot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_agency_reads_the_statement_and_opens_a_project(trial, open_page, live_server, width):
    page = open_page(width, user=trial.agency)
    page.goto(f"{live_server.url}/tilskud/?year=2016")
    assert_axe_clean(page)
    screenshot(page, "grants-statement")
    page.get_by_role("link", name="Aarhus").click()
    page.get_by_text(trial.other.citizen.pseudonym).wait_for()
    assert_axe_clean(page)
    screenshot(page, "grants-project")


def test_another_cut_off_is_shown_without_leaving_the_page(trial, open_page, live_server):
    page = open_page(user=trial.leader)
    page.goto(f"{live_server.url}/tilskud/projekt/aalborg/?year=2016")
    page.get_by_label("Opgørelsesdato").fill("2016-07-02")
    page.get_by_label("Opgørelsesdato").press("Enter")
    page.get_by_role("heading", name="2. juli 2016").wait_for()
    assert page.get_by_text("Gennemført 13 uger").count() == 0


def test_it_works_without_javascript_and_the_pdf_is_made_by_the_worker(trial, open_page, live_server):
    page = open_page(user=trial.leader, javascript=False)
    page.goto(f"{live_server.url}/tilskud/projekt/aalborg/")
    page.get_by_label("År").fill("2016")
    page.get_by_role("button", name="Vis").click()
    page.get_by_text(trial.done.citizen.pseudonym).first.wait_for()
    page.get_by_role("button", name="Lav en PDF").click()
    page.get_by_text("Dokumentet er ved at blive lavet").wait_for()
    screenshot(page, "grants-document-waiting")
    documents.make(Document.objects.get().pk)
    page.get_by_role("link", name="Se efter igen").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent PDF’en").click()
    assert download.value.suggested_filename == "tilskudsopgoerelse-2016-aalborg.pdf"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_statement_from_the_leader_to_the_payment(trial, open_page, live_server, width):
    page = open_page(width, user=trial.leader)
    page.goto(f"{live_server.url}/tilskud/projekt/aalborg/?year=2016")
    page.get_by_role("link", name="Indsend opgørelsen").click()
    page.get_by_label("Det erklærer jeg").check(force=True)
    assert_axe_clean(page)
    screenshot(page, "grants-submit")
    page.get_by_role("button", name="Indsend opgørelsen").click()
    page.get_by_text("Opgørelsen er indsendt").wait_for()
    statement = Statement.objects.get()
    documents.make(statement.document.pk)
    address = f"{live_server.url}/tilskud/opgoerelse/{statement.public_id}/"
    for user, button in ((trial.agency, "Jeg har kontrolleret den"), (trial.approver, "Godkend")):
        page = open_page(width, user=user)
        page.goto(address)
        assert_axe_clean(page)
        page.get_by_role("button", name=button).click()
    page.get_by_text("kan ikke længere ændres").wait_for()
    page.get_by_role("link", name="Registrér udbetalingen").click()
    page.get_by_label("Betalingsreference").fill("2017-0042")
    assert_axe_clean(page)
    page.get_by_role("button", name="Registrér udbetalingen").click()
    page.get_by_text("2017-0042").wait_for()
    assert_axe_clean(page)
    screenshot(page, "grants-stored")
    page.goto(f"{live_server.url}/tilskud/opgoerelser/")
    assert_axe_clean(page)
    screenshot(page, "grants-statements")
