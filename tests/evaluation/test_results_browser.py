"""The page of results in Chromium, at both widths."""

import datetime

import pytest
import time_machine

from accounts.roles import Role
from tests.browser import WIDTHS, assert_axe_clean, screenshot
from tests.evaluation.outcome_trials import random_trial
from tests.factories import ProjectFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_from_the_trial_to_its_results(open_page, width):
    with time_machine.travel(datetime.datetime(2017, 2, 1, 9), tick=True):
        random_trial(ProjectFactory(), 60)
        page = open_page(width, UserFactory(roles=[Role.AGENCY]))
        page.goto("/lodtraekning/forsoeg/")
        page.get_by_role("link", name="Resultater", exact=True).click()
        page.get_by_role("heading", name="Succeskriterier").wait_for()
        screenshot(page, "results")
        assert_axe_clean(page)
