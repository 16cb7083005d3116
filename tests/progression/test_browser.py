"""Answering together in Chromium on a phone, with the keyboard, and the pages at both widths (D23, D56)."""

import datetime

import pytest
from django.urls import reverse

from progression.actions import corrections
from progression.models import AnswerSheet
from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot
from tests.factories import FollowUpMeetingFactory
from tests.progression.conftest import APRIL
from tests.scenarios.progression_answers import begun_sheet, finished_sheet

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]


def url(name, *args):
    return reverse(f"progression:{name}", args=args)


def answer(page, value: int) -> None:
    """Choose the step by its number and go on, by tapping."""
    page.locator(f'label.jf-step:has(input[value="{value}"])').tap()
    page.get_by_role("button", name="Næste").tap()


def test_all_is_answered_on_a_phone_and_resumed_after_a_closed_browser(open_page, course, holder) -> None:
    """The first answers by tap, then the browser is closed; the rest by keyboard in another one."""
    finished_sheet(course, APRIL, 4)
    page = open_page(PHONE, user=holder)
    page.goto(url("start", course.public_id))
    assert_axe_clean(page)
    screenshot(page, "progression-start")
    page.get_by_role("button", name="Begynd").tap()
    page.get_by_text("1 af 12").wait_for()
    assert_axe_clean(page)
    screenshot(page, "progression-step")
    answer(page, 6)
    page.get_by_text("2 af 12").wait_for()
    page.get_by_label("Ikke nu").check()
    page.get_by_role("button", name="Næste").tap()
    page.get_by_text("3 af 12").wait_for()
    page.context.close()

    page = open_page(PHONE, user=holder)
    page.goto(url("start", course.public_id))
    page.get_by_role("button", name="Fortsæt").tap()
    page.get_by_text("3 af 12").wait_for()
    for place, length in [*((place, 12) for place in range(3, 13)), *((place, 7) for place in range(1, 8))]:
        page.get_by_text(f"{place} af {length}").wait_for()
        page.get_by_label("0: Slet ikke").focus()
        for _step in range(4):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="Jeres svar").wait_for()
    assert_axe_clean(page)
    screenshot(page, "progression-finish")
    page.get_by_label("Tro på egne evner: hvad har gjort forskellen?").fill("Snusepraktikken gik godt")
    page.get_by_role("button", name="Afslut besvarelsen").tap()
    page.get_by_role("heading", name="Månedens gennemgang").wait_for()
    assert_axe_clean(page)
    sheet = AnswerSheet.objects.finished().first()
    values = list(sheet.answers.order_by("pk").values_list("value", flat=True))
    assert values == [6, None, *[4] * 17]


def test_all_steps_of_the_scale_are_seen_at_once_on_a_phone(open_page, course, holder) -> None:
    page = open_page(PHONE, user=holder)
    page.set_viewport_size({"width": PHONE, "height": 664})  # what a phone's browser leaves of 844
    page.goto(url("start", course.public_id))
    page.get_by_role("button", name="Begynd").tap()
    page.get_by_text("1 af 12").wait_for()
    button = page.get_by_role("button", name="Næste").bounding_box()
    steps = [step.bounding_box() for step in page.locator("label.jf-step").all()]
    assert len(steps) == 12
    assert all(step["y"] + step["height"] <= button["y"] and step["height"] >= 48 for step in steps)


def test_a_step_is_answered_without_scripts(open_page, course, holder) -> None:
    page = open_page(PHONE, user=holder, javascript=False)
    page.goto(url("start", course.public_id))
    page.get_by_role("button", name="Begynd").click()
    page.get_by_role("button", name="Næste").click()
    page.get_by_text("Vælg et af trinnene").first.wait_for()
    page.get_by_label("5: Midt imellem").check()
    page.get_by_role("button", name="Næste").click()
    page.get_by_text("2 af 12").wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_are_accessible_and_fit_the_screen(open_page, course, holder, width) -> None:
    FollowUpMeetingFactory(course=course, held=True, held_on=datetime.date(2016, 4, 28))
    for number, value in enumerate((3, 4, 4, 6)):
        finished_sheet(
            course,
            datetime.date(2016, 4, 6) + datetime.timedelta(days=13 * number),
            value,
            reason="Har fået en opgave, der passer bedre",
            health_felt=5 - number,
        )
    corrections.select_categories(course, ["belief", "health"])
    sheet = begun_sheet(course, datetime.date(2016, 5, 18), 7)
    corrected = AnswerSheet.objects.finished().first().answers.first()
    page = open_page(width, user=holder)
    addresses = {
        "review": url("review", course.public_id),
        "over-time": url("over_time", course.public_id),
        "categories": url("categories", course.public_id),
        "mentor-step": url("step", sheet.public_id, 13),
        "finish-changed": url("finish", sheet.public_id),
        "correct": url("correct", corrected.public_id),
        "panel": reverse("cases:course", args=[course.public_id]),
    }
    for name, address in addresses.items():
        assert page.goto(address).status == 200
        screenshot(page, f"progression-{name}")
        assert_axe_clean(page)
