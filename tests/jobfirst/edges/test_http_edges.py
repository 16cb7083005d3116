"""Kinds of content, repeated parameters, and where one request ends and the next begins."""

import re
from email.message import Message

import pytest
from django.urls import reverse
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser

from accounts.roles import Role
from audit.origin import origin_of
from tests.factories import ProjectFactory, UserFactory


@pytest.fixture
def leader_client(client):
    client.force_login(UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER]))
    return client


@pytest.mark.django_db
def test_every_text_says_its_encoding_and_no_kind_is_guessed(leader_client):
    for name in ("account", "cases:courses", "reminders:mine", "companies:companies", "evaluation:dashboard"):
        answer = leader_client.get(reverse(name), follow=True)
        kind = Message()
        kind["Content-Type"] = answer["Content-Type"]
        assert (kind.get_content_type(), kind.get_content_charset()) == ("text/html", "utf-8"), name
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_of_a_parameter_that_is_sent_twice_one_counts_and_address_and_form_are_not_mixed(leader_client):
    lists = [leader_client.get(f"/forloeb/?{query}") for query in ("page=2&page=1", "page=1")]
    assert [answer.status_code for answer in lists] == [200, 200]
    answer = leader_client.post(f"{reverse('account_phone')}?phone=88888888", {"phone": ["11", "12345678"]})
    assert answer.status_code == 302
    assert re.search(
        r"1\D*2\D*3\D*4\D*5\D*6\D*7\D*8", leader_client.get(reverse("account_phone")).content.decode()
    )


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: +5",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding : chunked",
        "X-A: b\r\n folded",
        "X_Forwarded_Proto\x00: https",
    ],
)
def test_the_web_server_refuses_a_request_whose_end_is_ambiguous(headers):
    request = f"POST / HTTP/1.1\r\nHost: testserver\r\n{headers}\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"
    parser = RequestParser(Config(), iter([request.encode()]), ("127.0.0.1", 1))
    with pytest.raises((ParseException, NotImplementedError)):
        next(parser)


@pytest.mark.django_db
@pytest.mark.parametrize("folder", ["/static/", "/static/help/", "/static/../", "/vouchers/", "/.git/"])
def test_no_folder_is_listed(client, folder):
    answer = client.get(folder)
    assert answer.status_code in {302, 404}
    assert b"help/" not in answer.content
    assert b"dkfds" not in answer.content or answer.content == client.get("/nowhere/").content


@pytest.mark.django_db
def test_the_address_that_a_visitor_claims_is_not_believed(rf, settings):
    claimed = {"HTTP_X_FORWARDED_FOR": "198.51.100.7", "HTTP_X_REAL_IP": "198.51.100.7"}
    assert origin_of(rf.get("/", REMOTE_ADDR="192.0.2.1", **claimed)).ip == "192.0.2.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    behind = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.7, 203.0.113.9")
    assert origin_of(behind).ip == "203.0.113.9"
