"""Absence, hand-over, default team and closing an account in Chromium, at both widths."""

import datetime

import pytest

from accounts.models import Absence
from accounts.roles import Role
from cases.models import HandoverNote
from tests.browser import WIDTHS, assert_axe_clean, screenshot
from tests.factories import CourseFactory, UserFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]


def check_and_photograph(page, name):
    """Check the page with axe and save a screenshot of it."""
    assert_axe_clean(page)
    screenshot(page, f"people-{name}")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_leader_enters_an_absence_and_hands_courses_over(
    open_page, leader, holder, colleague, course, project, width
):
    CourseFactory(project_for=project, holders=holder, referral__name="Testborger Østergaard")
    page = open_page(width, leader)
    page.goto("/medarbejdere/")
    check_and_photograph(page, "list")
    page.locator("a", has_text="Registrér fravær: Mette Mentor").click()
    page.get_by_label("Første dag").fill("2016-05-18")
    page.get_by_label("Sidste dag").fill("2016-05-27")
    page.get_by_role("button", name="Gem").click()
    page.wait_for_selector("[data-error-summary]")
    check_and_photograph(page, "absence-refused")
    page.get_by_label("Vikar").select_option(label="Kim Kollega")
    page.get_by_role("button", name="Gem").click()
    page.wait_for_selector("text=Fraværet er registreret.")
    check_and_photograph(page, "absences")
    page.locator("a", has_text="Ændr eller afslut: Mette Mentor").click()
    check_and_photograph(page, "absence")

    page.goto(f"/medarbejdere/{holder.public_id}/overdrag/")
    page.get_by_label("Alle til").select_option(label="Kim Kollega")
    page.locator("summary", has_text="Overdragelsesnotat: Testborger Ågesen, Mentor").click()
    page.get_by_label("Næste skridt: Testborger Ågesen, Mentor").fill("Ring til bageren mandag")
    page.get_by_role("button", name="Overdrag").click()
    page.wait_for_selector("[data-error-summary]")
    check_and_photograph(page, "hand-over-refused")
    page.get_by_label("Ja, 7 funktioner overdrages uden notat").check()
    page.get_by_role("button", name="Overdrag").click()
    page.wait_for_selector("text=8 funktioner er overdraget.")
    page.goto("/medarbejdere/standardteam/" + project.slug + "/")
    check_and_photograph(page, "default-team")

    successor = open_page(width, colleague)
    successor.goto(f"/forloeb/{course.public_id}/")
    check_and_photograph(successor, "handover-note")
    successor.get_by_role("button", name="Jeg har læst det").click()
    successor.wait_for_selector("text=Overdragelsesnotatet er markeret som læst.")
    assert HandoverNote.objects.get().read_by == colleague
    successor.goto(f"/forloeb/{course.public_id}/funktion/mentor/notat/")
    check_and_photograph(successor, "handover-note-form")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_course_page_names_the_stand_in(open_page, leader, holder, colleague, course, project, width):
    Absence.objects.create(
        user=holder,
        project=project,
        stand_in=colleague,
        first_on=datetime.date(2016, 5, 18),
        last_on=datetime.date(2016, 5, 27),
    )
    page = open_page(width, leader)
    page.goto(f"/forloeb/{course.public_id}/#functions")
    page.locator(".jf-stand-in", has_text="27. maj").get_by_text("Kim Kollega").first.wait_for()
    check_and_photograph(page, "stand-in")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_administrator_is_asked_before_an_account_is_closed(
    open_page, holder, colleague, course, project, width
):
    page = open_page(width, UserFactory(roles=[Role.ADMINISTRATOR], name="Admin Test"))
    page.goto(f"/brugere/{holder.public_id}/")
    page.get_by_role("button", name="Luk kontoen").click()
    check_and_photograph(page, "close")
    page.get_by_role("button", name="Luk kontoen").click()
    page.wait_for_selector("[data-error-summary]")
    check_and_photograph(page, "close-refused")
    page.get_by_label("Ja, 4 funktioner skal stå ubesatte").check()
    page.get_by_role("button", name="Luk kontoen").click()
    page.wait_for_selector("text=Kontoen er lukket.")
    page.get_by_role("button", name="Åbn kontoen igen").click()
    page.get_by_role("button", name="Giv forløbene tilbage fra i dag").wait_for()
    check_and_photograph(page, "give-back")
