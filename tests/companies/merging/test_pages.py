"""The pages of merges: the choice, the preview in numbers, the merge, and its undoing."""

import uuid

import pytest
from django.urls import reverse

from accounts.roles import Role
from companies.models import CompanyMerge, Placement
from tests.factories import (
    CompanyFactory,
    CourseFactory,
    PlacementFactory,
    ProjectFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    return CompanyFactory(name="Bageren"), CompanyFactory(name="Bageren ApS")


@pytest.fixture
def leader():
    return UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])


@pytest.fixture
def agency():
    return UserFactory(roles=[Role.AGENCY])


def preview_url(pair):
    return f"{reverse('companies:new_merge')}?duplicate={pair[0].cvr}&remaining={pair[1].cvr}"


def form(**fields):
    return {"reason": "Tastefejl", "submission": str(uuid.uuid4()), **fields}


def own_placement(leader, company):
    return PlacementFactory(company=company, course=CourseFactory(project_for=leader._factory_project))


def test_the_preview_counts_what_moves_and_names_visible_citizens(client, leader, agency, pair):
    placement = own_placement(leader, pair[0])
    name = placement.course.citizen_name
    client.force_login(leader)
    page = client.get(preview_url(pair)).content.decode()
    assert name in page
    assert "<dd>1</dd>" in page
    client.force_login(agency)
    page = client.get(preview_url(pair)).content.decode()
    assert name not in page
    assert "<dd>1</dd>" in page


def test_what_another_project_uses_is_neither_counted_nor_merged_by_a_leader(client, leader, pair):
    PlacementFactory(company=pair[0])
    client.force_login(leader)
    page = client.get(preview_url(pair)).content.decode()
    assert "ikke ændre denne virksomhed alene" in page
    assert "<dd>" not in page
    assert client.post(preview_url(pair), form()).status_code == 200
    assert not CompanyMerge.objects.exists()


def test_a_leader_merges_and_undoes_it_by_the_link_in_the_message(client, leader, pair):
    placement = own_placement(leader, pair[0])
    client.force_login(leader)
    page = client.post(preview_url(pair), form(), follow=True).content.decode()
    undo_url = reverse("companies:undo_merge", args=[CompanyMerge.objects.get().public_id])
    assert f'href="{undo_url}"' in page
    assert Placement.objects.get(pk=placement.pk).company == pair[1]
    assert client.get(undo_url).status_code == 200
    assert client.post(undo_url, {"version": "1"}).status_code == 302
    assert Placement.objects.get(pk=placement.pk).company == pair[0]
    assert client.post(undo_url, {"version": "1"}).status_code == 302  # a double click
    assert client.get(undo_url).status_code == 404


def test_the_number_leads_to_the_company_that_remains_and_is_not_in_the_list(client, leader, pair):
    client.force_login(leader)
    client.post(preview_url(pair), form())
    response = client.get(reverse("companies:company", args=[pair[0].cvr]))
    assert response.url == reverse("companies:company", args=[pair[1].cvr])
    assert pair[0].cvr in client.get(response.url).content.decode()
    assert f"/{pair[0].cvr}/" not in client.get(reverse("companies:companies")).content.decode()


def test_a_cpr_number_in_the_reason_is_refused(client, agency, pair):
    client.force_login(agency)
    client.post(preview_url(pair), form(reason="170570-1234"))
    assert not CompanyMerge.objects.exists()


@pytest.mark.parametrize("query", ["", "?duplicate=1&remaining=2", "?duplicate=&remaining="])
def test_without_two_registered_companies_the_page_asks_for_them(client, agency, query):
    client.force_login(agency)
    page = client.get(reverse("companies:new_merge") + query).content.decode()
    assert 'name="duplicate"' in page
    assert 'method="get"' in page
