"""A name that is searched for stands in no address (ASVS 14.2.1), and the list works as any other."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.factories import CourseFactory, UserFactory

LIST = reverse("cases:courses")


@pytest.fixture
def page(as_user, holder, project):
    for name in ("Søren Ågesen", "Testborger Et"):
        CourseFactory(project_for=project, holders=holder, referral__name=name)
    return as_user(holder)


def shown(answer) -> list[str]:
    return [row.citizen for row in answer.context["table"].records]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_the_list_of_a_searched_name_has_an_address_without_it(page, headers):
    answer = page.post(
        LIST, {"name": "ågesen", "phase": "", "sort": "-citizen"}, follow=True, headers=headers
    )
    [(address, _status)] = answer.redirect_chain
    assert set(parse_qs(urlsplit(address).query)) == {"search", "sort"}
    assert shown(answer) == ["Søren Ågesen"]
    links = re.findall(r'href="([^"]*\?[^"]*)"', answer.content.decode())
    assert [link for link in links if "search=" in link]
    assert not [link for link in links if "gesen" in link or "name=" in link]


def test_the_list_is_reloaded_and_fetched_by_that_address(page):
    [(address, _status)] = page.post(LIST, {"name": "ågesen"}, follow=True).redirect_chain
    again = page.get(address)
    assert shown(again) == ["Søren Ågesen"]
    assert 'value="ågesen"' in again.content.decode()
    file = page.get(LIST + again.context["table"].workbook_url())
    assert file["Content-Disposition"] == 'attachment; filename="forloeb.xlsx"'


def test_the_address_is_nobody_elses(page, as_user, project):
    [(address, _status)] = page.post(LIST, {"name": "ågesen"}, follow=True).redirect_chain
    leader = as_user(UserFactory(project=project, roles=[Role.PROJECT_LEADER]))
    answer = leader.get(address, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "Søg efter navnet igen" in answer.content.decode()
    assert 'value="ågesen"' not in answer.content.decode()
    assert sorted(shown(answer)) == ["Søren Ågesen", "Testborger Et"]


@pytest.mark.parametrize("sealed", ["x", "%00", "YWJj", "æ", "A" * 400])
def test_what_nobody_sealed_is_answered_by_the_list(page, sealed):
    answer = page.get(LIST, {"search": sealed, "phase": "plan", "format": "xlsx"})
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?phase=plan")


def test_the_length_of_a_name_does_not_show(page):
    lengths = {len(page.post(LIST, {"name": name})["Location"]) for name in ("Bo", "Søren Ågesen", "a" * 30)}
    assert len(lengths) == 1


def test_an_empty_search_leads_to_the_list_itself(page):
    assert page.post(LIST, {"name": " ", "phase": ""})["Location"] == LIST
