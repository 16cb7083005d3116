"""A course is started in Chromium: from the assignment until the checklist is done."""

import re

import pytest

from cases.models import CourseFunction
from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot
from tests.factories import CourseFactory, UserFactory
from tests.scenarios.progression_answers import imported_sheet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]


@pytest.fixture
def new_course(project, wednesday):
    """A course that was drawn today, and somebody for each function."""
    for function in CourseFunction:
        UserFactory(name=f"Ny {function.label}", project=project, roles=[function.value])
    return CourseFactory(project_for=project, started_on=wednesday, referral__name="Testborger Nyesen")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_of_the_start(open_page, new_course, leader, width):
    page = open_page(width, leader)
    page.goto(f"/forloeb/{new_course.public_id}/start/")
    assert_axe_clean(page)
    screenshot(page, "start")
    page.get_by_role("button", name="Besæt funktionerne").click()
    page.wait_for_selector("[data-error-summary]")
    assert_axe_clean(page)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_course_is_started_on_a_phone(open_page, new_course, leader, wednesday, javascript):
    page = open_page(PHONE, leader, javascript=javascript)
    overview = f"/forloeb/{new_course.public_id}/"
    page.goto(overview)
    page.get_by_role("link", name="Til forløbets start").click()
    for function in CourseFunction:
        page.get_by_label(str(function.label), exact=True).select_option(index=1)
    page.get_by_role("button", name="Besæt funktionerne").click()
    page.get_by_text("1 af 6 er på plads").wait_for()
    start = page.url

    page.get_by_role("link", name="Første opfølgningsmøde").click()
    page.get_by_label("Dag og tidspunkt").fill("2016-05-25T10:00")
    page.get_by_role("button", name="Book").click()
    page.get_by_text("Mødet er booket.").wait_for()

    page.goto(start)
    page.get_by_role("link", name="Profil: drømme, ønsker og ressourcer").click()
    page.get_by_label("Drømme").fill("Et lille værksted")
    page.locator("#profile-dreams").get_by_role("button", name="Gem").click()
    page.locator("#profile-dreams").get_by_text("Gemt den 18. maj 2016").wait_for()

    page.goto(start)
    page.get_by_role("link", name="CV", exact=True).click()
    page.get_by_role("link", name=re.compile("Tilføj.*Sprog")).click()
    page.get_by_label("Sprog *").or_(page.locator("#id_title")).first.fill("Dansk")
    page.get_by_label("Modersmål").check()
    page.get_by_role("button", name="Gem").click()
    page.locator("#cv-language").get_by_text("modersmål").first.wait_for()

    page.goto(start)
    page.get_by_role("link", name="Jobmål").click()
    page.get_by_label("Jobfunktioner").fill("Reparere cykler")
    page.get_by_role("button", name="Gem").click()
    page.get_by_text("Jobmålene er gemt.").wait_for()

    page.goto(start)
    page.get_by_text("5 af 6 er på plads").wait_for()
    assert page.get_by_role("link", name="Første svar i progressionsværktøjet").is_visible()
    if javascript:
        assert_axe_clean(page)
        screenshot(page, "start-almost-done")
    imported_sheet(new_course, wednesday, rater="citizen")
    page.goto(overview)
    assert page.get_by_role("link", name="Til forløbets start").count() == 0
