"""The pages by link: language, headers, rates, and what staff see of a link."""

import uuid

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation

from accounts.links import delivery, pages
from accounts.links.actions import LastLink, last_links, revoke_links, use_link
from accounts.links.purposes import LinkAddress, LinkPurpose, add_link_purposes, link_purposes
from cases.tables.access_log import page_in_words
from tests.accounts.links.answers import ACTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(client, registry):
    """Open a link that never was."""
    return lambda query="", **options: client.get(f"/prove/{'A' * 43}/{query}", **options)


def test_the_page_is_not_cached_found_or_sent_on_as_a_referrer(client, issue, send, gone):
    for response in (client.get(f"/prove/{send(issue())}/"), gone(), client.get("/link/nyt/")):
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="referrer" content="no-referrer">' in gone().content.decode()


def test_the_address_of_the_page_chooses_the_language_and_the_browser_keeps_it(client, gone):
    assert "Linket kan ikke bruges" in gone(headers={"accept-language": "da"}).content.decode()
    assert "This link cannot be used" in gone("?sprog=en").content.decode()
    assert "This link cannot be used" in gone(headers={"accept-language": "da"}).content.decode()
    assert "Linket kan ikke bruges" in gone("?sprog=da").content.decode()


def test_an_unknown_language_is_no_choice(client, gone):
    assert "Linket kan ikke bruges" in gone("?sprog=xx", headers={"accept-language": "da"}).content.decode()


def test_without_a_choice_the_recipients_language_is_used(client, issue, registry, send):
    recipient = uuid.uuid4()
    registry.addresses[recipient] = LinkAddress(email="a@firma.example", language="en")
    response = client.get(f"/prove/{send(issue(recipient=recipient))}/", headers={"accept-language": "da"})
    assert response["Content-Language"] == "en"


def test_the_page_has_no_menu_and_no_name(gone):
    content = gone().content.decode()
    assert "<nav" not in content
    assert 'href="/"' not in content


def test_no_cookie_and_no_token_is_needed(issue, send):
    strict = Client(enforce_csrf_checks=True)
    link = issue()
    response = strict.post(f"/prove/{send(link)}/", headers={"origin": "null"})
    assert response.status_code == 200
    assert [link.subject] == ACTS
    assert response.cookies == {}


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_not_allowed(client, issue, send, method):
    assert getattr(client, method)(f"/prove/{send(issue())}/").status_code == 405
    assert ACTS == []


def test_who_opens_too_many_links_is_refused(client, issue, send, monkeypatch):
    monkeypatch.setattr(pages, "RATES", {"open": "3/m/ip,30/m/key"})
    secret = send(issue())
    statuses = [client.get(f"/prove/{text}/").status_code for text in ("a", "b", "c", "d", secret)]
    assert statuses == [404, 404, 404, 429, 429]


def test_a_subject_that_is_gone_gets_the_neutral_page(client, issue, send, monkeypatch):
    from django.http import Http404

    from tests.accounts.links import answers

    def missing(*_args, **_options):
        raise Http404

    secret = send(issue())
    monkeypatch.setattr(answers, "use_link", missing)
    response = client.post(f"/prove/{secret}/")
    assert response.status_code == 404
    assert secret in response.content.decode()


def test_the_access_log_calls_the_page_by_the_name_of_the_purpose(registry):
    assert page_in_words("link.test.answer") == "Answer"


def test_a_second_purpose_of_the_same_code_is_refused(registry):
    (purpose, *_others) = link_purposes()
    with pytest.raises(ValueError, match=r"called test\.answer"):
        add_link_purposes(LinkPurpose(**{**vars(purpose), "term": "reporting_link_days"}))


def words_of(last):
    with translation.override("da"):
        text = render_to_string("links/_last.html", {"last": last})
    return " ".join(text.split())


class TestWhatStaffSee:
    """`links/_last.html`: when the last link went, how, and whether it arrived."""

    @pytest.fixture
    def last(self):
        return lambda link: words_of(
            last_links("test.answer", [link.subject]).get((link.subject, link.recipient))
        )

    def test_nothing_was_sent(self):
        assert "Intet link sendt endnu" in words_of(None)

    def test_it_is_on_its_way(self, issue, last):
        assert "Linket er på vej" in last(issue())

    def test_it_was_sent(self, issue, send, last):
        link = issue()
        send(link)
        assert "som e-mail" in last(link)
        assert "virker til" in last(link)

    def test_it_was_answered(self, issue, send, last):
        link = issue()
        send(link)
        use_link(link, now=timezone.now())
        assert "Besvaret via link" in last(link)

    def test_it_was_revoked(self, issue, send, last):
        link = issue()
        send(link)
        revoke_links("test.answer", subject=link.subject, now=timezone.now())
        assert "gælder ikke længere" in last(link)

    def test_it_could_not_be_sent(self, issue, registry, last):
        link = issue()
        registry.addresses[link.recipient] = LinkAddress()
        delivery.send_link(link.pk)
        assert "Nåede ikke frem" in last(link)

    def test_it_came_back(self, issue, send, last):
        link = issue()
        send(link)
        delivery.note_returned(link.public_id, "5.1.1", timezone.now())
        assert "kom retur" in last(link)

    def test_it_was_not_needed(self, issue, registry, last):
        link = issue()
        registry.addresses[link.recipient] = None
        delivery.send_link(link.pk)
        assert "ikke længere brug for det" in last(link)

    def test_the_last_link_is_the_newest(self, issue, send):
        from tests.accounts.links.answers import again

        link = issue()
        send(link)
        newer = again(link)
        assert last_links("test.answer", [link.subject]) == {(link.subject, link.recipient): LastLink(newer)}
