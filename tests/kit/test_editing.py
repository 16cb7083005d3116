"""Edit pages: the form's texts, refusals of the action, and what follows a save."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kit.sample")]


def page(response) -> str:
    return response.content.decode()


def test_the_page_has_the_words_of_its_form(client):
    html = page(client.get("/navn/"))
    for words in ("Ret navnet", "Navnet er dit eget.", "Gem navnet"):
        assert words in html


def test_a_save_goes_on_to_the_saved_row_and_says_so(client):
    response = client.post("/navn/", {"name": "Borger"}, follow=True)
    assert response.redirect_chain == [("/liste/?name=Borger", 302)]
    assert "Navnet er gemt." in page(response)


def test_what_the_action_refuses_stands_beside_its_field_with_what_was_typed(client):
    response = client.post("/navn/", {"name": "optaget"})
    assert response.status_code == 200
    assert response.context["form"].errors == {"name": ["Navnet er optaget."]}
    assert 'value="optaget"' in page(response)
    assert "Navnet er gemt." not in page(response)


def test_what_the_action_refuses_of_no_field_stands_on_top(client):
    response = client.post("/navn/", {"name": "lukket"})
    assert response.context["form"].non_field_errors() == ["Der er lukket for navne."]


def test_an_invalid_form_is_not_saved(client):
    response = client.post("/navn/", {"name": ""})
    assert list(response.context["form"].errors) == ["name"]


def test_another_method_is_refused(client):
    assert client.delete("/navn/").status_code == 405


def test_what_an_action_without_a_form_refuses_is_a_message_on_the_next_page(client):
    assert "Det kan ikke lade sig gøre." in page(client.get("/tryk/", follow=True))
