"""The warning before a list with a protected citizen (D51) in Chromium, at both widths."""

import pytest

from cases.models import CitizenContact
from tests.browser import WIDTHS, assert_axe_clean

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_link_to_the_excel_file_leads_to_the_warning_and_from_there_to_the_file(
    open_page, leader, course, width
):
    CitizenContact.objects.create(course=course, has_protected_address=True)
    page = open_page(width, leader)
    page.goto("/forloeb/")
    page.get_by_role("link", name="Hent som Excel").click()
    page.get_by_role("heading", name="En borger på listen er beskyttet", level=1).wait_for()
    assert_axe_clean(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Fortsæt alligevel").click()
    assert download.value.suggested_filename == "forloeb.xlsx"
    page.get_by_role("link", name="Gå tilbage uden").click()
    page.wait_for_url("**/forloeb/")


def test_the_warning_before_a_file_leads_back_to_its_page(open_page, leader, course):
    CitizenContact.objects.create(course=course, has_protected_address=True)
    page = open_page(1280, leader)
    address = f"/forloeb/{course.public_id}/profil/"
    page.goto(address)
    page.evaluate("path => { location.href = path }", f"/forloeb/{course.public_id}/cv/pdf/")
    page.get_by_role("link", name="Gå tilbage uden").click()
    page.wait_for_url(f"**{address}")
