"""The help in Chromium at both widths: index, search, topics with pictures, the way from a question mark."""

import pytest

from accounts.roles import Role
from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot
from tests.factories import ProjectFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def leader():
    return UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER, Role.MENTOR])


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_accessible(open_page, leader, width):
    page = open_page(width, leader)
    for name, path in [
        ("index", "/hjaelp/"),
        ("search", "/hjaelp/?q=hul"),
        ("mentor", "/hjaelp/mentor/"),
        ("leader", "/hjaelp/projektleder/"),
        ("words", "/hjaelp/ordene/"),
    ]:
        page.goto(path)
        assert_axe_clean(page)
        screenshot(page, f"help-{name}")


def test_pictures_are_shown(open_page, leader):
    page = open_page(PHONE, leader)
    page.goto("/hjaelp/mentor/")
    pictures = page.locator("figure img").all()
    assert pictures
    for picture in pictures:
        picture.scroll_into_view_if_needed()
        picture.evaluate("image => image.decode()")  # waits until it is loaded, fails when it cannot be shown


def test_search_without_scripts(open_page, leader):
    page = open_page(PHONE, leader, javascript=False)
    page.goto("/hjaelp/")
    page.fill("#help-query", "ikke truffet")
    page.press("#help-query", "Enter")
    page.click("text=Når borgeren ikke blev truffet")
    page.wait_for_url("**/hjaelp/mentor/#ikke-truffet")


def test_question_mark_leads_to_the_section(open_page, leader):
    page = open_page(PHONE, leader)
    page.goto("/forloeb/huller/")
    page.click("a.jf-help")
    page.wait_for_url("**/hjaelp/jobkonsulent/#huller")
    page.locator("#huller").wait_for()
