"""The core elements in Chromium, at both widths: the panel, the leader's page, the agency's counts."""

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from cases.elements import stored
from evaluation.publication.actions import publish_due
from jobfirst import clock
from tests.browser import WIDTHS, assert_axe_clean, screenshot
from tests.factories import CourseFactory, UserFactory
from tests.scenarios.nine_elements import course_with_nine_elements

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]


@pytest.fixture
def courses(project, holder):
    """One course with everything, and one in which much is missed."""
    full = course_with_nine_elements(project, holder, referral__name="Testborger Nielsen")
    poor = CourseFactory(project_for=project, referral__name="Testborger Olsen")
    stored.recompute()
    return full, poor


@pytest.mark.parametrize("width", WIDTHS)
def test_the_panel_of_a_course(open_page, courses, leader, width):
    page = open_page(width, leader)
    page.goto(f"/forloeb/{courses[1].public_id}/")
    panel = page.locator("#core-elements")
    panel.scroll_into_view_if_needed()
    panel.locator("summary").click()
    expect(panel.get_by_role("listitem")).to_have_count(9)
    assert_axe_clean(page)
    screenshot(page, "course-elements")
    panel.get_by_role("listitem").get_by_role("link", name="Klar rollefordeling fra start").click()
    page.wait_for_url("**#functions")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
def test_from_a_number_to_its_courses(open_page, courses, leader, width, javascript):
    page = open_page(width, leader, javascript=javascript)
    page.goto("/overblik/")
    page.get_by_role("link", name="Grundelementer", exact=True).click()
    page.get_by_role("link", name="1, Ikke opfyldt: Klar rollefordeling fra start").click()
    page.get_by_role("heading", name="Klar rollefordeling fra start: ikke opfyldt").wait_for()
    assert page.get_by_role("link", name="Testborger Olsen").is_visible()
    if javascript:
        assert_axe_clean(page)
        screenshot(page, "elements")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_agencys_counts(open_page, courses, width):
    publish_due(clock.today())
    page = open_page(width, UserFactory(roles=[Role.AGENCY]))
    page.goto("/lodtraekning/forsoeg/")
    page.get_by_role("link", name="Grundelementer", exact=True).click()
    page.get_by_role("link", name="Ikke opfyldt").click()
    page.get_by_role("table").wait_for()
    assert_axe_clean(page)
    screenshot(page, "trial-elements")
