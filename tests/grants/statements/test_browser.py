"""The statement's pages in a real browser, at both widths."""

import datetime

import pytest

from grants.models import Document, Statement
from grants.statements import documents
from tests.browser import WIDTHS, assert_axe_clean, screenshot
from tests.factories import CourseFactory, PlacementFactory
from tests.grants.factories import VoucherFactory, pdf
from tests.scenarios.earned_events import recompute_events
from tests.scenarios.grant_statements import answer_doubts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_agency_reads_the_statement_and_opens_a_project(trial, open_page, live_server, width):
    page = open_page(width, user=trial.agency)
    page.goto(f"{live_server.url}/tilskud/?year=2016")
    assert_axe_clean(page)
    screenshot(page, "grants-statement")
    page.get_by_role("link", name="Aarhus").click()
    page.get_by_role("link", name=trial.aarhus_course.citizen.pseudonym).wait_for()
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
    page.get_by_text(trial.completed.citizen.pseudonym).first.wait_for()
    page.get_by_role("button", name="Dan PDF").click()
    page.get_by_text("Dokumentet dannes").wait_for()
    screenshot(page, "grants-document-waiting")
    documents.make(Document.objects.get().pk)
    page.get_by_role("link", name="Opdatér siden").click()
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
    answer_doubts(trial.aalborg, statement.cut_off)
    address = f"{live_server.url}/tilskud/opgoerelse/{statement.public_id}/"
    page = open_page(width, user=trial.agency)
    page.goto(address)
    page.get_by_role("button", name="Jeg har kontrolleret den").click()
    page.get_by_text("Opgørelsen er kontrolleret").wait_for()
    page = open_page(width, user=trial.approver)
    page.goto(address)
    assert_axe_clean(page)
    screenshot(page, "grants-doubts")
    page.get_by_role("link", name="Godkend", exact=True).click()
    page.get_by_text("ændres eller sendes tilbage").wait_for()
    assert_axe_clean(page)
    screenshot(page, "grants-approve")
    page.get_by_role("button", name="Godkend").click()
    page.get_by_text("Opgørelsen er godkendt").wait_for()
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


@pytest.mark.parametrize("width", WIDTHS)
def test_awards_terms_and_the_application(trial, open_page, live_server, width):
    page = open_page(width, user=trial.agency)
    page.goto(f"{live_server.url}/tilskud/projekt/aalborg/bevilling/ny/")
    page.get_by_label("Gælder fra").fill("2016-03-01")
    page.get_by_label("Begrundelse").fill("Tilsagnsbrev af 1. marts")
    assert_axe_clean(page)
    screenshot(page, "grants-award-form")
    page.get_by_role("button", name="Indtast tilsagnet").click()
    page.get_by_text("Tilsagnet er indtastet").wait_for()
    assert_axe_clean(page)
    screenshot(page, "grants-award")
    for name in ("satser/", "satser/nye/", "projekt/aalborg/ansoegning/"):
        page.goto(f"{live_server.url}/tilskud/{name}")
        assert_axe_clean(page)
        screenshot(page, f"grants-{name.strip('/').replace('/', '-')}")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_voucher_with_its_file(trial, open_page, live_server, width, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    page = open_page(width, user=trial.leader)
    page.goto(f"{live_server.url}/tilskud/projekt/aalborg/udgifter/")
    assert_axe_clean(page)
    page.get_by_role("link", name="Indtast et bilag").first.click()
    page.get_by_label("Kategori").select_option("management")
    page.get_by_label("Kommune").select_option(index=1)
    page.get_by_label("Dato").fill("2016-05-02")
    page.get_by_label("Beløb").fill("41.250,50")
    page.get_by_label("Hvad udgiften er til").fill("Projektlederens løn, april")
    page.get_by_label("Projektlederens løn (dokumenterer").check(force=True)
    page.get_by_label("Bilag som PDF").set_input_files(
        {"name": "loen.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    assert_axe_clean(page)
    screenshot(page, "grants-voucher-form")
    page.get_by_role("button", name="Gem bilaget").click()
    page.get_by_text("Bilaget på 41.250,50").wait_for()
    assert_axe_clean(page)
    screenshot(page, "grants-expenses")
    with page.expect_download():
        page.get_by_role("link", name="PDF", exact=True).click()


@pytest.mark.parametrize("width", WIDTHS)
def test_what_an_amount_rests_on_and_the_forecast(trial, open_page, live_server, width):
    page = open_page(width, user=trial.leader)
    page.goto(f"{live_server.url}/tilskud/projekt/aalborg/?year=2016")
    assert_axe_clean(page)
    screenshot(page, "grants-project-leader")
    page.get_by_role("link", name=trial.completed.citizen.pseudonym).first.click()
    page.get_by_text("Dag 91 i træk").wait_for()
    assert_axe_clean(page)
    screenshot(page, "grants-explanation")
    for name in ("uden-tilskud/?year=2016", "prognose/"):
        page.goto(f"{live_server.url}/tilskud/projekt/aalborg/{name}")
        assert_axe_clean(page)
        screenshot(page, f"grants-{name.partition('/')[0]}")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_snapshot_is_found_and_shown_again(trial, open_page, live_server, width):
    page = open_page(width, user=trial.leader)
    page.goto(f"{live_server.url}/tilskud/projekt/aalborg/?year=2016")
    screenshot(page, "history-draft")
    short = page.get_by_text("vises her, er gemt").get_by_role("link").inner_text()
    course = trial.completed
    course.placements.update(ended_on="2016-04-20")
    recompute_events()
    course = CourseFactory(project_for=trial.aalborg)
    PlacementFactory(course=course, planned_end_on=datetime.date(2016, 5, 1))
    page.goto(f"{live_server.url}/tilskud/")
    page.get_by_role("link", name="Historik").click()
    page.get_by_label("Kontrolsum").fill(short)
    page.get_by_label("Kontrolsum").press("Enter")
    page.get_by_role("link", name=short).wait_for()
    assert_axe_clean(page)
    screenshot(page, "history-found")
    page.get_by_role("link", name=short).click()
    page.get_by_text("tallene kan have ændret sig").wait_for()
    assert page.get_by_text("Gennemført 13 uger").count() == 1
    assert_axe_clean(page)
    screenshot(page, "history-kept")
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent som Excel").click()
    assert download.value.suggested_filename == "tilskudsopgoerelse-2016-aalborg.xlsx"
    page.get_by_role("link", name=trial.completed.citizen.pseudonym).first.click()
    page.get_by_text("Dag 91 i træk").wait_for()
    assert_axe_clean(page)
    screenshot(page, "history-explanation")
    page.go_back()
    page.get_by_role("link", name="Ændringer siden").click()
    page.get_by_text("Ikke længere optjent").wait_for()
    assert_axe_clean(page)
    screenshot(page, "history-difference")
    page.goto(f"{live_server.url}/tilskud/projekt/aalborg/historik/")
    assert_axe_clean(page)
    screenshot(page, "history-project")


FITS = "field => field.scrollWidth <= field.clientWidth"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_large_amount_fits_its_field(trial, open_page, live_server, width):
    page = open_page(width, user=trial.agency)
    page.goto(f"{live_server.url}/tilskud/projekt/aalborg/bevilling/ny/")
    field = page.locator("[name=budget_staff]")
    field.fill("110.029.000,00")
    assert field.evaluate(FITS)
    page.locator("[name=target_count]").fill("9")
    page.get_by_role("button", name="Indtast tilsagnet").click()
    page.get_by_label("Ja, tallene er rigtige").wait_for()
    assert_axe_clean(page)
    screenshot(page, "grants-award-asked")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_long_word_in_a_voucher_does_not_widen_the_list(trial, open_page, live_server, width):
    voucher = VoucherFactory(project=trial.aalborg, what="Løntilskudsberegning" * 10)
    page = open_page(width, user=trial.leader)
    page.goto(f"{live_server.url}/tilskud/projekt/aalborg/udgifter/")
    box = page.locator("#results .jf-table-box")
    assert box.evaluate(FITS)
    assert page.locator("body").evaluate("body => body.scrollWidth <= window.innerWidth")
    page.goto(f"{live_server.url}/tilskud/bilag/{voucher.public_id}/traek-tilbage/")
    assert page.locator("body").evaluate("body => body.scrollWidth <= window.innerWidth")
    assert_axe_clean(page)
    screenshot(page, "grants-voucher-withdraw")
