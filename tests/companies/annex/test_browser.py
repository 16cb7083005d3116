"""A company's report and the end of a placement in Chromium, at both widths (D48, D54)."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from cases.course_pages import CoursePage, page_url
from companies.actions.placements import end_placement
from companies.actions.renewals import renew_placement
from companies.models import Placement, PlacementReport
from tests.browser import PHONE, WIDTHS, assert_axe_clean, screenshot
from tests.companies.annex.factories import ClosingAssessmentFactory, PlacementReportFactory

TODAY = datetime.date(2016, 5, 18)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]


@pytest.fixture
def stop(engaged) -> PlacementReport:
    """An early stop that waits; the placement has a planned renewal with other hours than its draft."""
    renew_placement(
        engaged,
        starts_on=datetime.date(2016, 8, 1),
        planned_end_on=datetime.date(2016, 9, 1),
        internship_hours=Decimal(10),
        ordinary_hours=Decimal(9),
        today=TODAY,
    )
    return PlacementReportFactory(
        placement=engaged,
        kind="early_stop",
        absence="",
        first_on=None,
        last_on=datetime.date(2016, 5, 17),
        reason="Afdelingen lukker, og der er ingen, som kan tage sig af oplæringen.",
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_a_report_and_the_renewals_draft_are_accessible(open_page, engaged, stop, holder, width) -> None:
    page = open_page(width, user=holder)
    renewal = Placement.objects.get(renews=engaged)
    addresses = {
        "landing": reverse("companies:my_placements"),
        "placement": reverse("companies:placement", args=[engaged.public_id]),
        "accept-stop": reverse("companies:accept_stop", args=[stop.public_id]),
        "renewal": reverse("companies:placement", args=[renewal.public_id]),
        "renewal-agreement": reverse("companies:agreement_page", args=[renewal.agreements.get().public_id]),
    }
    for name, address in addresses.items():
        assert page.goto(address).status == 200
        screenshot(page, f"r-{name}")
        assert_axe_clean(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_how_a_placement_went_is_accessible(open_page, engaged, holder, width) -> None:
    over = end_placement(engaged, ended_on=datetime.date(2016, 5, 17), today=TODAY)
    page = open_page(width, user=holder)
    by_phone = reverse("companies:closing_by_phone", args=[over.public_id])
    course = page_url(over.course.public_id, CoursePage.COMPANY)
    for name, address in {"closing-phone": by_phone, "closing-open": course}.items():
        assert page.goto(address).status == 200
        screenshot(page, f"r-{name}")
        assert_axe_clean(page)
    row = ClosingAssessmentFactory(
        placement=over, outcome="hired", hired_as="flex_job", hired_hours=Decimal(12), comment="Dygtig"
    )
    word = reverse("companies:citizens_word", args=[row.public_id])
    for name, address in {"closing-word": word, "closing-hired": course}.items():
        assert page.goto(address).status == 200
        screenshot(page, f"r-{name}")
        assert_axe_clean(page)


def test_a_stop_is_accepted_from_the_placement_on_a_phone(open_page, engaged, stop, holder) -> None:
    page = open_page(PHONE, user=holder)
    page.goto(reverse("companies:placement", args=[engaged.public_id]))
    page.get_by_role("link", name="Godkend").click()
    page.get_by_label("Hvorfor").select_option(index=1)
    page.get_by_role("button", name="Godkend").click()
    page.get_by_text("Meldingen er godkendt").wait_for()
    engaged.refresh_from_db()
    assert engaged.ended_on == datetime.date(2016, 5, 17)
