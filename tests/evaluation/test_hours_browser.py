"""The list of gaps and the curve of hours in Chromium, at both widths."""

import datetime
from decimal import Decimal

import pytest

from companies.actions import matches, placements
from evaluation.models import PaidHours
from tests.browser import WIDTHS, assert_axe_clean, screenshot
from tests.factories import DRAWN_ON, CompanyFactory, CourseFactory, UserFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]

DAY = datetime.timedelta(days=1)


@pytest.fixture
def working_course(course):
    """An internship whose ordinary hours grow, an employment after it, and paid hours of two months."""
    company = CompanyFactory(name="Lageret ApS")
    matches.record_match(course, company, matched_on=DRAWN_ON)
    internship = placements.start_placement(
        course,
        company,
        kind="internship",
        starts_on=DRAWN_ON + 4 * DAY,
        planned_end_on=DRAWN_ON + 94 * DAY,
        internship_hours=Decimal(15),
        ordinary_hours=Decimal(2),
    )
    placements.change_hours(
        internship, from_on=DRAWN_ON + 35 * DAY, internship_hours=Decimal(12), ordinary_hours=Decimal("4.5")
    )
    placements.start_placement(
        course,
        company,
        kind="flex_job",
        starts_on=DRAWN_ON + 95 * DAY,
        ordinary_hours=Decimal(12),
    )
    for month, hours in (("2016-04-01", "5.5"), ("2016-05-01", "17.25")):
        PaidHours.objects.create(citizen=course.citizen, month=month, hours=Decimal(hours))
    return course


@pytest.mark.parametrize("width", WIDTHS)
def test_the_curve_of_hours(open_page, working_course, leader, width):
    page = open_page(width, leader)
    page.goto(f"/forloeb/{working_course.public_id}/virksomhed/")
    section = page.locator("#hours")
    section.scroll_into_view_if_needed()
    assert page.get_by_role("img", name="Aftalte og betalte timer om ugen over tid").is_visible()
    section.get_by_text("Timerne i tal").click()
    page.evaluate("document.querySelector('.jf-hours').scrollLeft = 0")
    assert section.get_by_role("table", name="Aftalte timer").is_visible()
    assert section.get_by_role("table", name="Betalte timer pr. måned").is_visible()
    assert_axe_clean(page)
    screenshot(page, "hours")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_list_of_gaps(open_page, working_course, project, leader, holder, width):
    for number, name in enumerate(("Testborger Birk", "Testborger Cecilie", "Testborger Dagmar")):
        other = CourseFactory(project_for=project, holders=holder, referral__name=name)
        placements.start_placement(
            other,
            CompanyFactory(),
            kind="sniffing",
            starts_on=DRAWN_ON,
            planned_end_on=DRAWN_ON + (30 + 10 * number) * DAY,
        )
    page = open_page(width, leader)
    page.goto("/forloeb/huller/")
    assert page.get_by_role("link", name="Testborger Birk", exact=True).is_visible()
    assert_axe_clean(page)
    screenshot(page, "gaps")
    page.get_by_role("link", name="Indtil nu").click()
    page.get_by_role("link", name="Aktivitet (Testborger Birk").click()
    page.locator('input[name="starts_on"][value="2016-05-06"]').wait_for()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_months_of_paid_hours(open_page, working_course, width):
    page = open_page(width, UserFactory(roles=["agency"]))
    page.goto("/lodtraekning/forsoeg/timer/")
    assert page.get_by_text("maj 2016").is_visible()
    assert_axe_clean(page)
    screenshot(page, "paid-hours")
    page.get_by_role("link", name="Indlæs en fil").click()
    page.get_by_role("heading", name="Betalte timer fra en fil").wait_for()
    assert_axe_clean(page)
    screenshot(page, "paid-hours-upload")
