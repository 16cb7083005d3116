"""The pages of workplaces that were registered twice, in Chromium at both widths."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from companies.merging.workplaces import merge_workplaces
from tests.browser import WIDTHS, assert_axe_clean, screenshot
from tests.companies.factories import WorkplaceFactory
from tests.factories import CompanyFactory, CourseFactory, PlacementFactory, ProjectFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_workplaces_are_accessible_and_fit_the_screen(open_page, width) -> None:
    leader = UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])
    company = CompanyFactory(name="Bageriet på Åhavnevejs Ældregård ApS")
    first, second, third = (WorkplaceFactory(company=company) for _number in range(3))
    course = CourseFactory(project_for=leader._factory_project)
    PlacementFactory(company=company, workplace=first, course=course)
    merge = merge_workplaces(third, second, reason="Samme adresse, oprettet to gange", by=leader)
    choice = reverse("companies:new_workplace_merge", args=[first.public_id])
    page = open_page(width, user=leader)
    addresses = {
        "merged-company": reverse("companies:company", args=[company.cvr]),
        "merged-workplaces": f"{reverse('companies:workplace_merges')}?cvr={company.cvr}",
        "merge-workplace-choice": choice,
        "merge-workplace-preview": f"{choice}?remaining={second.public_id}",
        "merge-workplace-undo": reverse("companies:undo_workplace_merge", args=[merge.public_id]),
        "merges": reverse("companies:merges"),
    }
    for name, address in addresses.items():
        assert page.goto(address).status == 200
        screenshot(page, f"p-{name}")
        assert_axe_clean(page)
