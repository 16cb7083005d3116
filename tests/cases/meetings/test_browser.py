"""A meeting in Chromium: from booking to the promise that comes back at the next one, at both widths."""

import datetime

import pytest
from django.conf import settings

from cases import actions
from cases.actions.minutes import MinuteDraft
from cases.messaging import appointments
from cases.models import AppointmentMessage, MeetingMinute
from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot, sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]

DAY = datetime.timedelta(days=1)


#: How many typed texts the window keeps.
KEPT = "Object.keys(sessionStorage).filter(key => key.startsWith('draft ')).length"


def minutes_of(page, topic):
    return page.get_by_label(f"Referat: {topic}", exact=True)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_meeting_from_booking_to_the_next_ones_promise(open_page, holder, course, width, javascript):
    page = open_page(width, holder, javascript=javascript)

    def look(name):
        if javascript:
            assert_axe_clean(page)
            screenshot(page, name)

    page.goto(f"/forloeb/{course.public_id}/moede/")
    assert page.get_by_label("Mette Mentor").is_checked()
    look("meeting-booking")
    page.get_by_label("Dag og tidspunkt").fill("2016-05-18T09:00")
    page.get_by_role("button", name="Book").click()
    page.wait_for_selector("text=Mødet er booket.")
    page.get_by_role("link", name="Åbn mødet").click()
    look("meeting-agenda")
    minutes_of(page, "CV").fill("CV'et får et billede.")
    if javascript:
        minutes_of(page, "CV").blur()
        page.locator("#state-cv", has_text="Gemt kl.").wait_for()
    else:
        page.get_by_role("button", name="Gem kladden").first.click()
        page.wait_for_selector("text=Kladden er gemt.")
    page.goto(page.url)
    assert minutes_of(page, "CV").input_value() == "CV'et får et billede."
    page.get_by_label("Hvad skal gøres").fill("Tag et billede til CV'et")
    page.get_by_label("Hvem", exact=False).last.select_option("mentor")
    page.get_by_label("Senest den").fill("2016-05-25")
    page.get_by_role("button", name="Tilføj").click()
    page.get_by_role("button", name="Fjern").wait_for()
    page.get_by_role("button", name="Mødet blev holdt").click()
    page.wait_for_selector("[data-error-summary]")
    look("meeting-refused-without-citizen")
    page.get_by_label("Borgeren deltog").check()
    page.get_by_label("Næste møde: dag og tidspunkt").fill("2016-06-15T10:00")
    page.get_by_role("button", name="Mødet blev holdt").click()
    page.wait_for_selector("text=Mødet er registreret som holdt.")
    look("meeting-held")
    page.goto(f"/forloeb/{course.public_id}/moeder-og-kontakter/")
    look("meeting-course-page")
    page.get_by_role("link", name="Åbn mødet").click()
    promise = page.locator("#topic-promises").get_by_text("Tag et billede til CV'et").first
    promise.wait_for()
    look("meeting-promise")
    page.get_by_role("button", name="Gjort Tag et billede").click()
    page.wait_for_selector("text=Alle aftaler er holdt.")


def test_a_text_typed_in_an_expired_session_comes_back_after_signing_in(open_page, holder, meeting):
    page = open_page(PHONE, holder)
    path = f"/moeder/{meeting.public_id}/"
    page.goto(path)
    cookies = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    minutes_of(page, "Jobmål").fill("Vil være bager")
    minutes_of(page, "Jobmål").blur()
    page.wait_for_url("**/login/**")
    assert "bager" not in page.url
    assert not MeetingMinute.objects.exists()
    page.context.add_cookies(cookies)
    page.goto(path)
    page.locator("#state-job_goal", has_text="Gemt kl.").wait_for()
    assert minutes_of(page, "Jobmål").input_value() == "Vil være bager"
    assert MeetingMinute.objects.get().text == "Vil være bager"
    assert page.evaluate(KEPT) == 0
    assert "bager" not in page.url


def test_nobody_else_gets_a_text_typed_in_an_expired_session(open_page, holder, leader, meeting, live_server):
    page = open_page(PHONE, holder)
    path = f"/moeder/{meeting.public_id}/"
    page.goto(path)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    minutes_of(page, "Jobmål").fill("Vil være bager")
    minutes_of(page, "Jobmål").blur()
    page.wait_for_url("**/login/**")
    assert page.evaluate(KEPT) == 1
    sign_in(page.context, live_server.url, leader)
    page.goto(path)
    assert page.evaluate(KEPT) == 0
    assert minutes_of(page, "Jobmål").input_value() == ""


def test_two_people_write_under_the_same_point(open_page, holder, leader, meeting):
    page = open_page(PHONE, holder)
    page.goto(f"/moeder/{meeting.public_id}/")
    actions.save_minutes(meeting, {"cv": MinuteDraft("Lederens tekst", 0)}, by=leader)
    minutes_of(page, "CV").fill("Min tekst")
    minutes_of(page, "CV").blur()
    page.locator("#state-cv", has_text="Lederens tekst").wait_for()
    assert_axe_clean(page)
    screenshot(page, "meeting-both-texts")
    minutes_of(page, "CV").fill("Lederens tekst. Min tekst")
    minutes_of(page, "CV").blur()
    page.wait_for_timeout(500)
    assert MeetingMinute.objects.get().text == "Lederens tekst", "only a press of the button decides"
    page.get_by_role("button", name="Gem kladden").first.click()
    page.wait_for_selector("text=Kladden er gemt.")
    assert MeetingMinute.objects.get().text == "Lederens tekst. Min tekst"


def test_a_text_that_came_too_late_stands_on_the_closed_page(open_page, holder, meeting, wednesday):
    page = open_page(PHONE, holder)
    path = f"/moeder/{meeting.public_id}/"
    page.goto(path)
    actions.hold_meeting(meeting, held_on=wednesday, citizen_present=True, by=holder)
    minutes_of(page, "CV").fill("Kom for sent")
    minutes_of(page, "CV").blur()
    page.locator("#state-cv", has_text="referatet er lukket").wait_for()
    page.goto(path)
    page.get_by_text("Kom for sent").wait_for()
    assert_axe_clean(page)
    page.get_by_role("button", name="Kassér det").click()
    page.goto(path)
    assert page.get_by_text("Kom for sent").count() == 0
    assert page.evaluate(KEPT) == 0


def test_signing_out_leaves_no_text_behind(open_page, holder, meeting):
    page = open_page(PHONE, holder)
    page.goto(f"/moeder/{meeting.public_id}/")
    page.evaluate('sessionStorage.setItem(\'draft x y cv\', \'{"text": "a", "version": "0"}\')')
    page.get_by_text("Menu", exact=True).click()
    page.get_by_role("button", name="Log ud").locator("visible=true").click()
    page.wait_for_url("**/login/")
    assert page.evaluate(KEPT) == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_the_citizen_answers_on_a_phone_without_an_account(open_page, course, wednesday, at, width):
    meeting = actions.book_meeting(course, planned_at=at(wednesday + DAY))
    message = AppointmentMessage.objects.create(
        meeting=meeting, planned_at=meeting.planned_at, channel="email"
    )
    page = open_page(width)
    page.goto(f"/svar/{appointments.token_of(message)}/")
    assert_axe_clean(page)
    screenshot(page, "appointment")
    page.get_by_role("button", name="Jeg kan ikke komme").click()
    page.wait_for_selector("text=Tak for beskeden")
    assert_axe_clean(page)
