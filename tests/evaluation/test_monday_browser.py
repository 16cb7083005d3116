"""The Monday page and a list behind one of its numbers in Chromium, at both widths."""

import pytest

from cases.elements import stored
from reminders import deadlines
from tests.browser import WIDTHS, assert_axe_clean, screenshot
from tests.factories import CourseFactory
from tests.scenarios.nine_elements import course_with_nine_elements

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_page_to_the_list_of_a_number(open_page, project, holder, leader, width):
    course_with_nine_elements(project, holder, referral__name="Testborger Nielsen")
    CourseFactory(project_for=project, holders=holder, referral__name="Testborger Olsen")
    stored.recompute()
    deadlines.recompute()
    page = open_page(width, leader)
    page.goto("/overblik/")
    assert_axe_clean(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    screenshot(page, "monday")
    page.get_by_role("link", name="Alle ni grundelementer: af 2").click()
    page.get_by_role("heading", name="Alle ni grundelementer").wait_for()
    assert page.get_by_role("link", name="Testborger Olsen").is_visible()
    assert_axe_clean(page)
    screenshot(page, "measure")
