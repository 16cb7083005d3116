"""A request that no browser sends is answered with 400, never with an error of the server."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
SIGN_IN = "/konto/login/"


@pytest.fixture
def consultant(client):
    user = UserFactory(project=ProjectFactory(), roles=[Role.JOB_CONSULTANT])
    client.force_login(user)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/%00",
        "/virksomheder/%00/",
        "/virksomheder/?q=%00",
        "/forloeb/?%00=1",
        "/?next=http://[",
        "/sprog/?next=http://[",
    ],
)
def test_an_address_that_cannot_be_read_is_a_bad_request(consultant, address):
    assert consultant.get(address).status_code == 400


def test_a_page_to_return_to_that_cannot_be_parsed_is_a_bad_request_at_sign_in(client):
    client.raise_request_exception = False
    assert client.get(SIGN_IN, {"next": "http://["}).status_code == 400
    assert client.post(SIGN_IN, {"login": "x", "next": "http://["}).status_code == 400


def test_the_address_that_htmx_sends_is_checked_too(client):
    client.raise_request_exception = False
    headers = {"HX-Request": "true", "HX-Current-URL": "http://["}
    assert client.get("/virksomheder/", headers=headers).status_code == 400


@pytest.mark.parametrize("content_type", [f"{FORM}; charset=utf-16", f"{FORM}; charset=nonsense"])
def test_a_form_in_another_encoding_is_a_bad_request(consultant, content_type):
    content = "cvr=10150817&company_name=Bageri".encode("utf-16")
    answer = consultant.generic("POST", reverse("companies:new_company"), content, content_type)
    assert answer.status_code == 400


def test_a_field_with_a_nul_is_refused_beside_the_field(consultant):
    fields = {"cvr": "10150817", "company_name": "Bage\0ri"}
    answer = consultant.post(reverse("companies:new_company"), fields)
    assert answer.status_code == 200
    assert "form-error-message" in answer.content.decode()


def test_a_nul_in_a_field_that_no_form_reads_is_a_bad_request(client):
    client.force_login(UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER]))
    client.raise_request_exception = False
    assert client.post(reverse("randomization:draw"), {"project": "a\0b"}).status_code == 400


def test_a_form_that_says_its_encoding_is_read(consultant):
    content_type = f'{FORM}; charset="UTF-8"'
    assert (
        consultant.generic("POST", reverse("companies:new_company"), b"a=b", content_type).status_code == 200
    )
