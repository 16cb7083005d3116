"""The statement's pages in a real browser, at both widths."""

import pytest

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


def test_it_works_without_javascript_and_the_pdf_is_a_download(trial, open_page, live_server):
    page = open_page(user=trial.leader, javascript=False)
    page.goto(f"{live_server.url}/tilskud/projekt/aalborg/")
    page.get_by_label("År").fill("2016")
    page.get_by_role("button", name="Vis").click()
    page.get_by_text(trial.done.citizen.pseudonym).first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent som PDF").click()
    assert download.value.suggested_filename == "tilskudsopgoerelse-2016-aalborg.pdf"
