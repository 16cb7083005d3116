"""The frame, lists, fragments and error pages, through the client."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client

from jobfirst import extension_points
from jobfirst.extension_points import NavItem, add_to_menu
from jobfirst.kit import navigation

pytestmark = [pytest.mark.urls("tests.kit.sample"), pytest.mark.django_db]


def test_a_list_shows_25_rows_and_the_way_to_the_rest(client):
    page = client.get("/liste/").content.decode()
    assert page.count('data-title="Borger"') == 25
    assert 'href="?page=2"' in page
    assert "Side 1 af 3" in page


def test_a_page_beyond_the_last_shows_the_last(client):
    page = client.get("/liste/?page=99").content.decode()
    assert page.count('data-title="Borger"') == 10


def test_sorting_is_in_the_address_and_said_aloud(client):
    page = client.get("/liste/?sort=-count").content.decode()
    assert 'aria-sort="descending"' in page
    assert page.index("Testborger 59") < page.index("Testborger 35")


def test_htmx_gets_the_fragment_and_a_browser_the_page(client):
    whole = client.get("/liste/")
    part = client.get("/liste/", headers={"HX-Request": "true"})
    assert b"<html" in whole.content
    assert b"<html" not in part.content
    assert b"Testborger 0" in part.content
    for response in (whole, part):
        assert "HX-Request" in response["Vary"]


def test_a_boosted_link_gets_the_page(client):
    response = client.get("/liste/", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert b"<html" in response.content


def test_cells_are_escaped_and_numbers_written_as_the_reader_does(rf):
    from django.utils import translation

    from tests.kit.sample import SampleTable

    table = SampleTable([SimpleNamespace(name="<b>Bo</b>", phase="x", count=Decimal("1234.5"))])
    with translation.override("da"):
        body = "".join(table.rows())
    assert "&lt;b&gt;Bo&lt;/b&gt;" in body
    assert "1234,5" in body
    assert 'class="jf-number"' in body


def test_an_empty_list_says_what_to_do_next(client):
    page = client.get("/liste/?rows=0").content.decode()
    assert "Der er ingen forløb endnu." in page
    assert 'href="/formular/"' in page


def test_messages_are_escaped(client):
    page = client.get("/liste/?say=1").content.decode()
    assert "Besked &lt;b&gt;" in page
    assert page.count('class="alert alert-') == 4


def test_danish_first_english_on_request(client):
    assert '<html lang="da">' in client.get("/liste/").content.decode()
    page = client.post("/sprog/", {"language": "en", "next": "/liste/"}, follow=True).content.decode()
    assert '<html lang="en">' in page
    assert "Page 1 of 3" in page


def test_a_rehearsal_says_so_on_every_page_and_a_real_system_on_none(client, settings):
    settings.JOBFIRST_MODE = "rehearsal"
    for path in ("/liste/", "/formular/", "/mangler/x/", "/afvist/"):
        assert "Øvelse" in client.get(path).content.decode(), path
    settings.JOBFIRST_MODE = "real"
    for path in ("/liste/", "/mangler/x/"):
        assert "Øvelse" not in client.get(path).content.decode(), path


def test_no_page_has_inline_style_or_script(client):
    for path in ("/liste/?say=1", "/formular/", "/mangler/x/"):
        page = client.get(path).content.decode()
        assert " style=" not in page
        assert "<style" not in page
        assert page.count("<script") == page.count("<script src=")
        assert "onclick" not in page


def test_missing_pages_are_the_same_to_the_byte(client):
    missing_page = client.get("/mangler/en/")
    other_missing_page = client.get("/mangler/en-helt-anden/?x=1")
    nowhere = client.get("/findes-slet-ikke/")
    assert missing_page.status_code == other_missing_page.status_code == nowhere.status_code == 404
    assert missing_page.content == other_missing_page.content == nowhere.content
    assert b"mangler" not in missing_page.content


def test_refusal_and_failure_have_pages_of_their_own():
    client = Client(raise_request_exception=False)
    refused = client.get("/afvist/")
    assert refused.status_code == 403
    assert "Du har ikke adgang" in refused.content.decode()
    broken = client.get("/fejl/")
    assert broken.status_code == 500
    assert "Fejlen er vores" in broken.content.decode()
    assert "on purpose" not in broken.content.decode()


def test_a_form_without_its_token_is_refused_with_a_page_that_says_why():
    response = Client(enforce_csrf_checks=True).post("/formular/", {})
    assert response.status_code == 403
    assert "Formularen kunne ikke sendes" in response.content.decode()


class _User:
    is_authenticated = True
    held_roles = frozenset({(1, "mentor"), (2, "mentor"), (1, "course_owner")})

    def has_perm(self, name):
        return name == "sample.allowed"


@pytest.fixture
def own_menu(monkeypatch):
    monkeypatch.setattr(extension_points, "_entries", {})


def test_the_menu_shows_what_the_person_may_and_where_the_page_is(rf, own_menu):
    add_to_menu(
        NavItem("Formular", "sample_form", order=20),
        NavItem("Liste", "sample_list", permission="sample.allowed", order=10),
        NavItem("Afvist", "sample_refused", permission="sample.denied"),
    )
    request = rf.get("/liste/")
    request.user = _User()
    links = navigation.items_for(request)
    assert [(link.label, link.url, link.current) for link in links] == [
        ("Liste", "/liste/", True),
        ("Formular", "/formular/", False),
    ]


def links_of(number, rare):
    return [navigation.NavLink(f"Side {n}", f"/{n}/", False, is_rare=n in rare) for n in range(number)]


def test_a_short_menu_stands_in_one_row():
    links = links_of(navigation.MOST_BESIDE, rare={2, 3})
    assert navigation.beside_and_under(links) == (links, [])


def test_the_rare_entries_of_a_long_menu_stand_under_more():
    links = links_of(navigation.MOST_BESIDE + 1, rare={2, 3})
    beside, under = navigation.beside_and_under(links)
    assert [link.url for link in under] == ["/2/", "/3/"]
    assert beside + under == sorted(links, key=lambda link: link.is_rare)


def test_roles_are_said_once_each_in_their_order():
    from django.utils import translation

    with translation.override("en"):
        assert navigation.role_words(_User()) == "Course owner, Mentor"


def test_a_fragment_is_never_given_to_a_plain_browser(rf):
    from jobfirst.kit.pages import wants_fragment

    assert not wants_fragment(rf.get("/"))
