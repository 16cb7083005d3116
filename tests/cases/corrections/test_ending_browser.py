"""The page that ends a course, in Chromium: short on a phone, and a last day where one is chosen (D41)."""

import datetime

import pytest

from cases import actions
from cases.actions.pauses import PauseData
from tests.browser import assert_axe_clean, assert_fits, screenshot
from tests.factories import DRAWN_ON, PlacementFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]

#: Five screens of a phone, with nine things that run.
MOST_HEIGHT = 5 * 844


@pytest.mark.parametrize("width", [390, 1280])
def test_the_last_day_of_a_thing_is_asked_for_once_it_is_chosen(open_page, course, holder, width):
    placement = PlacementFactory(course=course)
    actions.record_accommodation(course, description="Pauser hver time", from_on=DRAWN_ON)
    actions.record_effort(
        course, kind="health", description="Genoptræning", coordinator="Ida", starts_on=DRAWN_ON
    )
    actions.record_pause(course, PauseData("leave", datetime.date(2016, 5, 25), None, "", []), by=holder)
    page = open_page(width, holder)
    page.goto(f"/forloeb/{course.public_id}/afslut/")
    assert_axe_clean(page)
    assert_fits(page)
    screenshot(page, "end-course")
    assert page.evaluate("document.documentElement.scrollHeight") <= MOST_HEIGHT
    name = f"placement-{placement.public_id}"
    last_day = page.locator(f"#id_last-{name}")
    assert not last_day.is_visible()
    page.locator(f"#id_mode-{name}").select_option("own_day")
    last_day.wait_for()
    last_day.fill("2016-05-10")
    page.locator("#id_reason").select_option("other")
    page.get_by_role("button", name="Afslut forløbet").click()
    page.wait_for_url("**/forloeb/**")
    placement.refresh_from_db()
    assert placement.ended_on == datetime.date(2016, 5, 10)
