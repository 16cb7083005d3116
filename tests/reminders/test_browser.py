"""A person's own reminders in Chromium, at both widths, and the mail as a page."""

import datetime

import pytest

from accounts.roles import Role
from reminders import actions, deadlines
from tests.browser import WIDTHS, assert_axe_clean, screenshot
from tests.factories import CourseFactory, ProjectFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THURSDAY, MONDAY = datetime.date(2016, 5, 12), datetime.date(2016, 5, 23)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_and_the_mail(open_page, width, mailoutbox):
    user = UserFactory(project=ProjectFactory(), roles=[Role.MENTOR])
    for _ in range(3):
        CourseFactory(started_on=datetime.date(2016, 4, 4), holders=user)
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
    assert "/forloeb/" in page.url

    ((html, _type),) = mailoutbox[0].alternatives
    page.set_content(html)
    screenshot(page, "reminders-mail")
