"""A new link for an expired, used or lost one (D44)."""

import datetime

import pytest
from django.utils import timezone

from accounts.links.actions import revoke_links, use_link
from accounts.links.models import LinkRequest, SignedLink
from accounts.links.purposes import LinkAddress
from accounts.links.requests import MOST_LINKS_A_DAY, handle_requests
from accounts.tasks import send_waiting_links
from tests.accounts.links.answers import again, secret_in

pytestmark = pytest.mark.django_db

DAYS = datetime.timedelta(days=14)


@pytest.fixture
def ask(client):
    """Ask for a new link with the secret of an old one; return the answer's page."""

    def ask(secret):
        return client.post("/link/nyt/", {"secret": secret}, follow=True).content

    return ask


def expire(link):
    past = timezone.now() - datetime.timedelta(minutes=1)
    SignedLink.objects.filter(pk=link.pk).update(expires_at=past, created_at=past - DAYS)


def test_who_has_an_expired_link_gets_a_new_one_to_the_registered_address(
    client, issue, registry, send, ask, mailoutbox
):
    link = issue()
    secret = send(link)
    expire(link)
    registry.addresses[link.recipient] = LinkAddress(email="now@firma.example")
    page = client.get(f"/prove/{secret}/").content.decode()
    assert f'name="secret" value="{secret}"' in page
    ask(secret)
    send_waiting_links()
    assert mailoutbox[-1].to == ["now@firma.example"]
    assert "Karen Konsulent" in mailoutbox[-1].body
    new_secret = secret_in(mailoutbox[-1].body)
    assert client.get(f"/prove/{new_secret}/").status_code == 200


def test_the_answer_is_the_same_whether_or_not_there_is_such_a_link(
    issue, send, ask, django_assert_num_queries
):
    link = issue()
    secret = send(link)
    expire(link)
    pages = set()
    for text in (secret, "A" * 43, "", "x" * 5000, "æøå"):
        with django_assert_num_queries(3):  # a savepoint, the request, its release
            pages.add(ask(text))
    assert len(pages) == 1
    assert LinkRequest.objects.count() == 5


def links_after_asking(secret, ask):
    ask(secret)
    send_waiting_links()
    return SignedLink.objects.count()


def test_a_lost_link_that_still_works_is_replaced(issue, send, ask):
    secret = send(issue())
    assert links_after_asking(secret, ask) == 2
    assert SignedLink.objects.live().count() == 1


def test_nothing_is_sent_when_what_it_asks_for_is_done(issue, registry, send, ask):
    link = issue()
    secret = send(link)
    use_link(link, now=timezone.now())
    registry.addresses[link.recipient] = None
    assert links_after_asking(secret, ask) == 1


def test_a_used_link_is_replaced_while_the_purpose_still_wants_it(issue, send, ask):
    link = issue()
    secret = send(link)
    use_link(link, now=timezone.now())
    assert links_after_asking(secret, ask) == 2


def test_nothing_is_sent_for_a_revoked_link_that_no_other_replaced(issue, send, ask):
    link = issue()
    secret = send(link)
    revoke_links("test.answer", subject=link.subject, now=timezone.now())
    assert links_after_asking(secret, ask) == 1


def test_a_replaced_link_brings_its_successors_successor(issue, send, ask):
    link = issue()
    secret = send(link)
    send(again(link))
    assert links_after_asking(secret, ask) == 3


def test_nothing_is_sent_while_one_waits(issue, send, ask):
    link = issue()
    secret = send(link)
    again(link)
    ask(secret)
    handle_requests(timezone.now())
    assert SignedLink.objects.count() == 2


def test_a_family_gets_so_many_links_a_day(issue, send, ask):
    secret = send(issue())
    for _time in range(MOST_LINKS_A_DAY + 2):
        links_after_asking(secret, ask)
    assert SignedLink.objects.count() == MOST_LINKS_A_DAY


def test_an_address_on_the_net_may_ask_so_many_times_an_hour(client, registry):
    statuses = [client.post("/link/nyt/", {"secret": "x"}).status_code for _time in range(11)]
    assert statuses == [302] * 10 + [429]
    assert LinkRequest.objects.count() == 10


def test_a_request_is_forgotten_after_a_week(issue, ask):
    ask("x")
    handle_requests(timezone.now())
    assert LinkRequest.objects.filter(handled_at__isnull=False).count() == 1
    handle_requests(timezone.now() + datetime.timedelta(days=8))
    assert LinkRequest.objects.count() == 0


def test_opening_the_page_of_requests_asks_for_nothing(client, registry):
    assert client.get("/link/nyt/").status_code == 200
    assert LinkRequest.objects.count() == 0
