"""Sign-in, invitation, account and the administrators' pages in Chromium, at both widths."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import expect

from accounts.people import confirmations
from accounts.people.actions import invite_user
from accounts.roles import Role
from cases.actions.courses import open_colleagues_course
from tests.browser import DESKTOP, WIDTHS, assert_axe_clean, screenshot
from tests.factories import CourseFactory, ProjectFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_earlier_failures():
    cache.clear()


def check_and_photograph(page, name):
    """Check the page with axe and save a screenshot of it."""
    assert_axe_clean(page)
    screenshot(page, f"accounts-{name}")


@pytest.mark.parametrize("width", WIDTHS)
def test_from_invitation_to_two_steps_and_being_closed_out(open_page, width):
    invite_user("ny@example.invalid", "Ny Bruger", ProjectFactory(name="Testby"), [Role.MENTOR])
    page = open_page(width)
    path = re.search(r"https?://[^/\s]+(/invitation/\S+)", mail.outbox[0].body)[1]
    page.goto(path)
    check_and_photograph(page, "invitation")
    page.get_by_label("Ny adgangskode", exact=False).first.fill("kort")
    page.get_by_role("button", name="Gem adgangskoden").click()
    check_and_photograph(page, "invitation-error")
    page.locator("#id_new_password1").fill("en lang adgangskode")
    page.locator("#id_new_password2").fill("en lang adgangskode")
    page.get_by_role("button", name="Gem adgangskoden").click()
    page.get_by_text("Velkommen.").wait_for()
    page.goto("/konto/")
    page.get_by_text("Testby").wait_for()
    check_and_photograph(page, "account")
    page.get_by_role("link", name="Totrinslogin").click()
    check_and_photograph(page, "two-steps")
    page.get_by_role("link", name="Slå til").click()
    check_and_photograph(page, "reauthenticate")
    page.locator("#id_password").fill("en lang adgangskode")
    page.locator("main").get_by_role("button").first.click()
    page.get_by_text("Nøgle:").wait_for()
    check_and_photograph(page, "two-steps-on")
    page.goto("/konto/password/change/")
    check_and_photograph(page, "password")

    stranger = open_page(width)
    stranger.goto(path)
    stranger.get_by_text("Invitationen kan ikke bruges").first.wait_for()
    check_and_photograph(stranger, "invitation-void")
    stranger.goto("/konto/login/")
    check_and_photograph(stranger, "login")
    for _attempt in range(5):
        stranger.goto("/konto/login/")
        stranger.locator("#id_login").fill("ny@example.invalid")
        stranger.locator("#id_password").fill("forkert")
        with stranger.expect_response(lambda response: response.request.method == "POST"):
            stranger.locator("main").get_by_role("button").first.click()
    stranger.get_by_text("15 minutter").wait_for()
    check_and_photograph(stranger, "closed")


@pytest.mark.parametrize("width", WIDTHS)
def test_an_administrator_s_day(open_page, width, tmp_path):
    project = ProjectFactory(name="Testby", slug="testby")
    for number in range(30):
        UserFactory(project=project, roles=[Role.MENTOR, Role.COURSE_OWNER], name=f"Testperson {number:02}")
    page = open_page(width, user=UserFactory(roles=[Role.ADMINISTRATOR], name="Admin Test"))
    page.goto("/")
    page.get_by_text("31 rækker").wait_for()
    check_and_photograph(page, "users")
    page.locator("#id_q").fill("Testperson 07")
    page.get_by_role("button", name="Vis").click()
    page.get_by_text("1 række").wait_for()
    page.wait_for_url("**q=Testperson*")
    page.get_by_role("link", name="Testperson 07").click()
    check_and_photograph(page, "user")
    page.get_by_role("button", name="Giv rollen").click()
    check_and_photograph(page, "user-error")
    page.goto("/brugere/ny/")
    check_and_photograph(page, "invite")
    bad = tmp_path / "brugere.csv"
    bad.write_text("email;name;project;roles\nx;;testby;mentor\ny@example.invalid;Y;ingen;chef\n")
    page.goto("/brugere/fil/")
    page.locator("#id_file").set_input_files(bad)
    page.get_by_role("button", name="Kontrollér").click()
    page.get_by_text("Intet blev gemt").wait_for()
    check_and_photograph(page, "file-errors")
    page.goto("/projekter/")
    check_and_photograph(page, "projects")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_leader_sees_who_saw_what(open_page, width):
    course = CourseFactory()
    colleague = UserFactory(project=course.project, roles=[Role.MENTOR], name="Karl Kollega")
    open_colleagues_course(course, colleague, "Mentoren er syg, og borgeren ringede om morgendagens møde.")
    leader = UserFactory(project=course.project, roles=[Role.PROJECT_LEADER], name="Lene Leder")
    page = open_page(width, user=leader)
    page.goto("/aabninger/")
    page.get_by_text("Karl Kollega").wait_for()
    check_and_photograph(page, "openings")
    page.get_by_role("link", name="Testborger").click()
    page.reload()
    check_and_photograph(page, "access-log")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_leader_s_menu_is_one_row_and_the_rest_stands_under_more(open_page, javascript):
    leader = UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])
    page = open_page(DESKTOP, user=leader, javascript=javascript)
    page.goto("/konto/")
    menu = page.get_by_role("navigation", name="Hovedmenu")
    tops = {link.bounding_box()["y"] for link in menu.locator(":scope > ul > li").all()}
    assert len(tops) == 1
    menu.get_by_text("Mere").click()
    if javascript:
        check_and_photograph(page, "menu")
        page.keyboard.press("Escape")
        expect(menu.get_by_role("link", name="Medarbejdere")).to_be_hidden()
        menu.get_by_text("Mere").click()
    menu.get_by_role("link", name="Medarbejdere").click()
    page.wait_for_url("**/medarbejdere/")
    assert menu.locator(".is-current").get_by_text("Mere").is_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_ones_sessions_and_what_waits_for_a_second_administrator(open_page, width):
    project = ProjectFactory(name="Testby")
    anna = UserFactory(roles=[Role.ADMINISTRATOR], name="Anna Admin")
    bo = UserFactory(roles=[Role.ADMINISTRATOR], name="Bo Admin", email="bo@example.invalid")
    confirmations.give_or_ask(anna, Role.PROJECT_LEADER, project, by=anna)
    page = open_page(width)
    page.goto("/konto/login/?next=/konto/sessioner/&idle=1")
    check_and_photograph(page, "idle")
    page.get_by_label("E-mail").fill("bo@example.invalid")
    page.get_by_label("Adgangskode").fill("correct horse battery")
    page.get_by_role("main").get_by_role("button", name="Log ind").click()
    page.wait_for_url("**/konto/sessioner/")
    check_and_photograph(page, "sessions")
    page.goto("/brugere/venter/")
    check_and_photograph(page, "requests")
    page.get_by_role("button", name="Bekræft").click()
    page.get_by_text("Bekræftet og gennemført.").wait_for()
    assert anna.memberships.count() == 2
    page.goto(f"/brugere/{anna.public_id}/totrinslogin/")
    check_and_photograph(page, "reset")
    assert bo.memberships.count() == 1


def test_a_warning_comes_before_a_session_ends_and_typing_counts_as_use(open_page, settings):
    settings.JOBFIRST_IDLE_MINUTES = 30
    page = open_page(user=UserFactory(project=ProjectFactory(), roles=[Role.MENTOR]))
    page.clock.install()
    page.goto("/konto/telefon/")
    page.clock.run_for("29:00")
    warning = page.get_by_text("Du bliver snart logget ud")
    warning.wait_for()
    with page.expect_response("**/konto/sessioner/her/"):
        page.get_by_role("button", name="Bliv logget ind").click()
    warning.wait_for(state="hidden")
    page.locator("#id_phone").fill("12345678")
    with page.expect_response("**/konto/sessioner/her/"):
        page.clock.run_for("06:00")
