"""Signed links: what makes one valid, and what the page of an invalid one says."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.links.actions import LinkGone, open_link, revoke_links, take_link, use_link
from accounts.links.models import LinkSecret, SignedLink
from accounts.models import TrialTerms
from audit.models import AccessRecord
from tests.accounts.links.answers import ACTS, CITIZEN, again
from tests.loops import some

pytestmark = pytest.mark.django_db

DAYS = datetime.timedelta(days=14)


def is_open(secret, purpose="test.answer", after=datetime.timedelta(0)):
    return open_link(purpose, secret, now=timezone.now() + after) is not None


def test_a_link_is_good_for_fourteen_days(issue, send):
    secret = send(issue())
    assert is_open(secret, after=DAYS - datetime.timedelta(minutes=1))
    assert not is_open(secret, after=DAYS)


def test_new_terms_hold_for_links_made_from_their_day_on(issue):
    now = timezone.now()
    yesterday = now - datetime.timedelta(days=1)
    TrialTerms.objects.create(valid_from=timezone.localdate(now), link_days=3, reporting_link_days=5)
    links = [issue(now=yesterday), issue(now=now), issue("test.report", now=now)]
    days = [(link.expires_at - made).days for link, made in zip(links, (yesterday, now, now), strict=True)]
    assert days == [14, 3, 5]


def test_only_a_hash_of_the_secret_is_stored(issue, send):
    secret = send(issue())
    assert len(secret) >= 43
    row = LinkSecret.objects.values().get()
    assert secret not in str(row)


def test_a_newer_link_revokes_the_older_one(issue, send):
    first = issue()
    old_secret = send(first)
    new_secret = send(again(first))
    assert (is_open(old_secret), is_open(new_secret)) == (False, True)


def test_a_link_about_something_else_stays(issue, send):
    recipient = uuid.uuid4()
    secret = send(issue(recipient=recipient))
    issue(recipient=recipient)
    assert is_open(secret)


def test_the_database_keeps_one_live_link_of_a_family(issue):
    first, second = issue(), issue()
    with pytest.raises(IntegrityError, match="accounts_link_one_live"), transaction.atomic():
        SignedLink.objects.filter(pk=second.pk).update(subject=first.subject, recipient=first.recipient)


def test_a_link_to_somebody_else_stays(issue, send):
    first = issue()
    secret = send(first)
    issue(subject=first.subject)
    assert is_open(secret)


@pytest.mark.parametrize("end", ["used_at", "revoked_at"])
def test_a_link_that_ended_while_it_was_waited_for_is_gone(issue, send, monkeypatch, end):
    """Whoever takes it second has opened it before the first one was through."""
    link = issue()
    secret = send(link)
    stale = open_link("test.answer", secret, now=timezone.now())
    monkeypatch.setattr("accounts.links.actions.open_link", lambda *args, **kwargs: stale)
    SignedLink.objects.filter(pk=link.pk).update(**{end: timezone.now()})
    with pytest.raises(LinkGone):
        take_link("test.answer", secret, now=timezone.now())


def test_a_single_use_link_is_used_once(issue, send):
    secret = send(issue())
    use_link(take_link("test.answer", secret, now=timezone.now()), now=timezone.now())
    with pytest.raises(LinkGone):
        take_link("test.answer", secret, now=timezone.now())


def test_another_link_is_used_as_often_as_wanted(issue, send):
    secret = send(issue("test.report"))
    for _time in range(2):
        use_link(take_link("test.report", secret, now=timezone.now()), now=timezone.now())
    assert is_open(secret, "test.report")


def test_revoking_ends_the_links_about_a_subject(issue, send):
    link, other = issue(), issue()
    secret, other_secret = send(link), send(other)
    assert revoke_links("test.answer", subject=link.subject, now=timezone.now()) == 1
    assert (is_open(secret), is_open(other_secret)) == (False, True)


@pytest.fixture
def invalid_secrets(issue, send):
    """A secret of each kind that opens nothing, by kind."""
    used, expired, revoked, older = issue(), issue(now=timezone.now() - DAYS), issue(), issue()
    secrets = {
        "forged": "A" * 43,
        "altered": send(issue())[:-1] + "_",
        "foreign": send(issue("test.report")),
        "not ASCII": "æøå",
        "used": send(used),
        "revoked": send(revoked),
        "replaced": send(older),
    }
    with time_machine.travel(timezone.now() - DAYS):
        secrets["expired"] = send(expired)
    use_link(used, now=timezone.now())
    revoke_links("test.answer", subject=revoked.subject, now=timezone.now())
    again(older)
    return secrets


def test_invalid_links_get_the_same_page_and_the_same_work(client, invalid_secrets):
    pages, statements = set(), []
    for secret in some(invalid_secrets.values()):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/prove/{secret}/")
        assert response.status_code == 404
        pages.add(response.content.decode().replace(f'value="{secret}"', ""))
        statements.append([re.sub(r"'[^']*'", "", query["sql"]) for query in queries])
    assert len(pages) == 1
    assert all(queries == statements[0] for queries in some(statements))
    assert len(statements[0]) == 2


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_invalid_link_does_nothing(client, invalid_secrets, method):
    for secret in some(invalid_secrets.values()):
        assert getattr(client, method)(f"/prove/{secret}/").status_code == 404
    assert ACTS == []


def test_opening_a_link_changes_nothing_and_the_button_acts_once(client, issue, send):
    link = issue()
    address = f"/prove/{send(link)}/"
    for method in (client.get, client.head, client.get):
        assert method(address).status_code == 200
    assert ACTS == []
    assert [client.post(address).status_code for _click in range(2)] == [200, 404]
    assert [link.subject] == ACTS


def test_each_use_is_recorded_with_the_citizen(client, issue, send):
    address = f"/prove/{send(issue())}/"
    client.get(address)
    client.post(address)
    client.post(address)
    records = AccessRecord.objects.filter(action="link.test.answer").order_by("pk")
    assert [(record.outcome, record.citizens, record.user) for record in records] == [
        ("shown", [CITIZEN], None),
        ("shown", [CITIZEN], None),
        ("refused", [], None),
    ]


def test_the_address_holds_the_secret_and_nothing_else(issue, send, mailoutbox):
    link = issue()
    secret = send(link)
    assert secret not in str(link.__dict__)
    assert f"/prove/{secret}/" in mailoutbox[0].body
    rest = mailoutbox[0].body.replace(secret, "")
    for name in (link.subject, link.recipient, link.public_id):
        assert str(name) not in rest
    assert f"/{link.pk}/" not in rest


def test_unknown_subjects_have_no_last_link(issue):
    from accounts.links.actions import last_links

    link = issue()
    assert list(last_links("test.answer", [link.subject, uuid.uuid4()])) == [(link.subject, link.recipient)]


def test_the_secret_stands_in_no_log_and_no_history(client, issue, send, caplog):
    from pghistory.models import Context

    secret = send(issue())
    for _click in range(2):
        client.post(f"/prove/{secret}/")
    client.get(f"/prove-two/{secret}/")
    assert Context.objects.filter(metadata__url="test_answer").exists()
    assert not Context.objects.filter(metadata__url__contains=secret).exists()
    assert secret not in caplog.text


@pytest.mark.parametrize(("method", "more"), [("options", ""), ("put", ""), ("get", "x/"), ("get", ".")])
def test_an_address_that_is_no_page_is_logged_without_its_secret(client, issue, send, caplog, method, more):
    secret = send(issue())
    assert getattr(client, method)(f"/prove/{secret}/{more}").status_code in (404, 405)
    assert "/prove/…/" in caplog.text
    assert secret not in caplog.text
