"""Links at the same second: one outcome."""

import threading
import uuid

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.links import delivery
from accounts.links.actions import LinkGone, revoke_links, take_link, use_link
from accounts.links.models import SignedLink
from accounts.links.requests import handle_requests, request_link
from tests.accounts.links.answers import ACTS, again
from tests.concurrency import run_at_once
from tests.mail_server import AcceptedMails, running_mail_server

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_clicks_at_once_act_once(issue, send):
    link = issue()
    address = f"/prove/{send(link)}/"
    responses = run_at_once([lambda: Client().post(address)] * 4)
    assert sorted(response.status_code for response in responses) == [200, 404, 404, 404]
    assert [link.subject] == ACTS


def test_two_workers_send_one_mail(issue, settings):
    link = issue()
    with running_mail_server(settings, AcceptedMails()) as server:
        assert run_at_once([lambda: delivery.send_link(link.pk)] * 3) == [None] * 3
    assert len(server.mails) == 1


def test_of_two_links_issued_at_once_one_stays_live(issue):
    link = issue()
    run_at_once([lambda: again(link)] * 4)
    assert SignedLink.objects.count() == 5
    assert SignedLink.objects.live().count() == 1


def test_first_links_issued_at_once_do_not_fail(issue):
    link = issue()
    link.subject = uuid.uuid4()
    outcomes = run_at_once([lambda: again(link)] * 3)
    assert [type(outcome) for outcome in outcomes] == [SignedLink] * 3
    assert SignedLink.objects.live().filter(subject=link.subject).count() == 1


def test_who_takes_a_link_waits_for_who_revokes_it(issue, send):
    link = issue()
    secret = send(link)
    is_revoked = threading.Event()

    def revoke():
        with transaction.atomic():
            revoke_links("test.answer", subject=link.subject, now=timezone.now())
            is_revoked.set()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.3)")

    def take():
        is_revoked.wait(10)
        with transaction.atomic():
            use_link(take_link("test.answer", secret, now=timezone.now()), now=timezone.now())

    _revoked, taken = run_at_once([revoke, take])
    assert isinstance(taken, LinkGone)
    link.refresh_from_db()
    assert (link.used_at, link.revoked_at is None) == (None, False)


def test_a_link_asked_for_twice_at_once_is_sent_once(issue, send):
    link = issue()
    secret = send(link)
    run_at_once([lambda: request_link(secret)] * 2)
    run_at_once([lambda: handle_requests(timezone.now())] * 3)
    assert SignedLink.objects.family_of(link).count() == 2
    assert SignedLink.objects.live().count() == 1
