"""A phone without script: the neutral page, the language, and the request for a new link."""

import pytest

from accounts.links.models import LinkRequest, SignedLink
from tests.accounts.links.answers import ACTS
from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_a_link_that_cannot_be_used(open_page, registry, width):
    page = open_page(width)
    page.goto(f"/prove/{'A' * 43}/")
    page.get_by_role("heading", name="Linket kan ikke bruges").wait_for()
    assert_axe_clean(page)
    screenshot(page, "link-gone")
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="This link cannot be used").wait_for()
    page.get_by_role("button", name="Send me a new link").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert_axe_clean(page)
    screenshot(page, "link-requested")
    assert LinkRequest.objects.count() == 1


def test_a_form_by_link_works_in_a_browser_without_script(open_page, issue, send):
    link = issue()
    page = open_page(PHONE, javascript=False)
    page.goto(f"/prove/{send(link)}/")
    assert ACTS == []
    page.get_by_role("button", name="Answer").click()
    page.get_by_text("answered").wait_for()
    assert [link.subject] == ACTS
    assert SignedLink.objects.get().used_at is not None
