"""The referral pages in Chromium, at both widths: use, reading, axe."""

import pytest

from accounts.roles import Role
from cases import exchange
from cases.models import Referral
from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot
from tests.factories import ProjectFactory, ReferralFactory, UserFactory, cpr

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def caseworker():
    project = ProjectFactory(slug="soroe", name="Sorø i samarbejde med Ringsted", codes=["0340", "0329"])
    ReferralFactory(project=project, name="Testborger Alfa")
    refused = {"state": "refused", "reasons": ["under_30", "public_support_under_one_year"]}
    ReferralFactory(project=project, name="Testborger Beta", **refused)
    ReferralFactory(project=project, flags=["public_support_exactly_one_year"])
    return UserFactory(project=project, roles=[Role.COORDINATING_CASEWORKER], name="Sagsbehandler Test")


def fill_in(page, *, activity_ready: str) -> None:
    page.get_by_label("CPR-nummer").fill(f"{cpr(900)[:6]}-{cpr(900)[6:]}")
    page.get_by_label("Navn").fill("Testborger Gamma")
    page.get_by_label("Kommune").select_option("0329")
    page.get_by_text("B: aktivitetsparat").click()
    page.get_by_label("Ydelse").select_option("cash_benefit")
    page.get_by_label("På offentlig forsørgelse siden").fill("2013-05-01")
    page.get_by_role("group", name="Er borgeren aktivitetsparat?").get_by_text(activity_ready).click()
    page.get_by_role("group", name="Er borgeren omfattet").get_by_text("Nej").click()
    page.get_by_label("Henvist den").fill("2016-06-01")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_citizen_is_checked_and_referred(open_page, caseworker, width) -> None:
    page = open_page(width, user=caseworker)
    page.goto("/henvisninger/")
    assert_axe_clean(page)
    screenshot(page, "referrals")
    page.get_by_role("link", name="Henvis en borger").click()
    assert_axe_clean(page)
    page.get_by_role("button", name="Kontrollér først").click()
    page.get_by_text("Udfyld resten først").wait_for()
    fill_in(page, activity_ready="Nej")
    page.get_by_role("button", name="Kontrollér først").click()
    page.locator("#answer").get_by_text("Borgeren er ikke aktivitetsparat.").wait_for()
    assert_axe_clean(page)
    screenshot(page, "referral-checked")
    fill_in(page, activity_ready="Ja")
    page.get_by_role("button", name="Henvis", exact=True).click()
    page.get_by_role("heading", name="Henvisning af Testborger Gamma").wait_for()
    assert_axe_clean(page)
    screenshot(page, "referral")
    assert Referral.objects.get(name="Testborger Gamma").state == "accepted"


@pytest.mark.parametrize("width", WIDTHS)
def test_errors_stand_beside_the_fields_and_in_the_list_of_a_file(open_page, caseworker, width) -> None:
    page = open_page(width, user=caseworker)
    page.goto("/henvisninger/ny/")
    page.get_by_role("button", name="Henvis", exact=True).click()
    page.wait_for_selector("[data-error-summary]")
    assert_axe_clean(page)
    screenshot(page, "referral-errors")
    page.goto("/henvisninger/indlaes/")
    assert_axe_clean(page)
    rows = [";".join(exchange.REFERRAL_COLUMNS), "123;;34;x;y;z;1;2;3"]
    page.locator('input[type="file"]').set_input_files(
        {"name": "delivery.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    )
    page.locator("main form button[type=submit], main form input[type=submit]").first.click()
    page.get_by_text("skal være ti cifre").wait_for()
    assert_axe_clean(page)
    screenshot(page, "referral-file-errors")


def test_it_works_without_javascript(open_page, caseworker) -> None:
    page = open_page(PHONE, user=caseworker, javascript=False)
    page.goto("/henvisninger/ny/")
    fill_in(page, activity_ready="Nej")
    page.get_by_role("button", name="Kontrollér først").click()
    page.locator("#answer").get_by_text("Borgeren er ikke aktivitetsparat.").wait_for()
    assert page.get_by_label("Navn").input_value() == "Testborger Gamma"
    page.get_by_role("button", name="Henvis", exact=True).click()
    page.get_by_role("heading", name="Henvisning af Testborger Gamma").wait_for()
