"""The kit's own pages in Chromium, at both widths."""

import pytest

from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.kit.sample"),
    pytest.mark.django_db(transaction=True),
]

PATHS = ["/liste/?say=1", "/liste/?page=2", "/liste/?rows=0", "/mangler/x/", "/konto/login/"]


@pytest.mark.parametrize("width", WIDTHS)
def test_form_is_accessible_before_and_after_an_error(open_page, width):
    page = open_page(width)
    page.goto("/formular/")
    assert_axe_clean(page)
    page.get_by_role("button", name="Gem forløbet").click()
    page.wait_for_selector("[data-error-summary]")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    assert_axe_clean(page)
    screenshot(page, "kit-form-errors")
    page.get_by_role("link", name="CPR-nummer").click()
    assert page.evaluate("location.hash") == "#id_cpr"


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_accessible(open_page, width):
    page = open_page(width)
    for path in PATHS:
        page.goto(path)
        assert_axe_clean(page)
        screenshot(page, "kit" + "".join(c if c.isalnum() else "-" for c in path))


def test_a_second_tap_sends_nothing_more(open_page):
    page = open_page(PHONE)
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto("/formular/")
    page.evaluate(
        "document.querySelector('main form').addEventListener('submit', e => {"
        "  if (!window.again) { window.again = true; e.target.requestSubmit(); } })"
    )
    page.get_by_role("button", name="Gem forløbet").click()
    page.wait_for_selector("[data-error-summary]")
    assert len(posts) == 1


def test_it_works_without_javascript(open_page):
    page = open_page(PHONE, javascript=False)
    page.goto("/formular/")
    page.get_by_role("button", name="Gem forløbet").click()
    page.locator("[data-error-summary]").wait_for()
    page.goto("/liste/")
    page.get_by_role("link", name="Næste side").click()
    page.wait_for_url("**page=2**")
