"""The agency's pages of published figures in a browser: free of axe's findings at both widths."""

import datetime

import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.browser import DESKTOP, PHONE, assert_axe_clean, screenshot
from tests.factories import UserFactory
from tests.scenarios import published_trial

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_projects_and_the_grid_are_accessible(open_page, monkeypatch, time_machine, width):
    time_machine.move_to(datetime.datetime.combine(published_trial.ON, datetime.time(10)), tick=True)
    published_trial.build(monkeypatch)
    page = open_page(width, UserFactory(roles=[Role.AGENCY]))
    page.goto(reverse("evaluation:comparison"))
    assert page.locator(".jf-chart-picture").count() == 10
    assert_axe_clean(page)
    screenshot(page, f"comparison-{width}")
    page.goto(reverse("evaluation:trial_elements"))
    assert page.locator(".jf-agency-grid tbody tr").count() == 13
    assert_axe_clean(page)
    screenshot(page, f"element-grid-{width}")
