"""A person's own reminders in Chromium, at both widths, and the mail as a page."""

import datetime

import pytest

from accounts.people import addresses
from accounts.roles import Role
from reminders import actions, deadlines
from tests.browser import WIDTHS, assert_axe_clean, screenshot
from tests.factories import CourseFactory, ProjectFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THURSDAY, MONDAY = datetime.date(2016, 5, 12), datetime.date(2016, 5, 23)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_and_the_mail(open_page, width, mailoutbox):
    project = ProjectFactory()
    user = UserFactory(project=project, roles=[Role.MENTOR])
    for _ in range(3):
        CourseFactory(project_for=project, started_on=datetime.date(2016, 4, 4), holders=user)
    page = open_page(width, user=user)
    page.goto("/paamindelser/")
    assert page.get_by_text("Der er ikke noget, du skal nå lige nu").is_visible()
    assert_axe_clean(page)

    deadlines.recompute()
    actions.make_digests(THURSDAY)
    for pk in actions.waiting_digests(THURSDAY):
        actions.send_digest(pk)
    page.goto("/paamindelser/")
    assert_axe_clean(page)
    screenshot(page, "reminders")
    page.get_by_role("link", name="Opfølgningsmødet er ikke holdt til tiden").first.click()
    page.wait_for_url("**/forloeb/**")

    ((html, _type),) = mailoutbox[0].alternatives
    page.set_content(html)
    screenshot(page, "reminders-mail")


@pytest.mark.parametrize("width", WIDTHS)
def test_an_address_that_bounces_on_the_pages_of_person_administrator_and_leader(open_page, width):
    project = ProjectFactory()
    mentor = UserFactory(project=project, roles=[Role.MENTOR])
    at = datetime.datetime(2016, 5, 12, 5, 0, tzinfo=datetime.UTC)
    addresses.note_returned_mail(mentor, address=mentor.email, status="5.1.1", at=at)
    course = CourseFactory(project_for=project, holders=mentor)
    leader = UserFactory(project=project, roles=[Role.PROJECT_LEADER])
    administrator = UserFactory(roles=[Role.ADMINISTRATOR])
    for user, path in (
        (administrator, "/brugere/"),
        (administrator, f"/brugere/{mentor.public_id}/"),
        (leader, "/"),
        (leader, f"/forloeb/{course.public_id}/"),
        (mentor, "/paamindelser/"),
    ):
        page = open_page(width, user=user)
        page.goto(path)
        assert page.get_by_text("kommer retur").first.is_visible(), path
        assert_axe_clean(page)
    screenshot(page, "reminders-returned")
    page.get_by_role("button", name="Adressen virker igen").click()
    page.wait_for_selector("text=Du får igen påmindelser på e-mail")
    assert not page.get_by_text("kommer retur").count()
