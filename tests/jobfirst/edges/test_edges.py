"""Headers of errors and static files, requests that are refused at the door, security.txt, cookies."""

import datetime
import subprocess
import sys

import pytest
from django.conf import settings as current
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from jobfirst.edges.middleware import HEADERS, NOT_STORED, POLICY_OF_FILES
from tests.factories import UserFactory
from tests.jobfirst.settings.test_settings import GOOD, start
from tests.loops import some


def headers_are_complete(answer):
    missing = {name: value for name, value in some(HEADERS.items()) if answer.headers.get(name) != value}
    assert missing == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/nowhere/", "testserver", 404),
        ("/forloeb/", "evil.example", 400),
        ("/login/?next=%00", "testserver", 400),
        ("/forloeb/", "testserver", 302),
        ("/forloeb", "testserver", 301),
        ("/static/jobfirst.js", "testserver", 200),
    ],
)
def test_every_kind_of_answer_has_the_headers(client, path, host, status):
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == status
    headers_are_complete(answer)
    if answer.streaming:
        answer.getvalue()  # the end of a stream closes its file


@pytest.mark.django_db
def test_an_error_of_the_server_has_the_headers(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("accounts.models.User.has_perm", lambda *_args: 1 / 0)
    client.force_login(UserFactory())
    answer = client.get(reverse("cases:courses"))
    assert answer.status_code == 500
    headers_are_complete(answer)
    assert answer["Cache-Control"] == NOT_STORED


@pytest.mark.django_db
def test_a_form_without_its_token_has_the_headers():
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x"})
    assert answer.status_code == 403
    headers_are_complete(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["999999999999", "-1", "1e99", "nan", "x"])
def test_a_request_that_is_too_large_is_refused_before_it_is_read(client, length):
    answer = client.post(reverse("account_login"), {"login": "x"}, headers={"Content-Length": length})
    assert answer.status_code == 413
    headers_are_complete(answer)


@pytest.mark.django_db
def test_signing_out_clears_what_the_browser_has_stored(client):
    client.force_login(UserFactory())
    assert "Clear-Site-Data" not in client.get(reverse("account_logout"))
    assert '"storage"' in client.post(reverse("account_logout"))["Clear-Site-Data"]


@pytest.mark.django_db
def test_no_header_of_the_request_names_the_host_of_an_address(client):
    names = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    answer = client.get("/forloeb/", headers=names)
    assert "evil.example" not in answer["Location"]


@pytest.mark.django_db
class TestSecurityTxt:
    @pytest.fixture(autouse=True)
    def contact(self, settings):
        settings.JOBFIRST_SECURITY_CONTACT = ["mailto:sikkerhed@kommune.dk", "https://kommune.dk/sikkerhed"]
        settings.JOBFIRST_BASE_URL = "https://jobfirst.example"

    def test_it_names_the_contacts_and_expires_within_a_year(self, client):
        answer = client.get("/.well-known/security.txt")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        fields = [line.split(": ", 1) for line in answer.content.decode().splitlines()]
        assert [name for name, _value in fields] == [
            *("Contact", "Contact", "Expires", "Preferred-Languages", "Canonical"),
        ]
        values = dict(fields)
        expires = datetime.datetime.fromisoformat(values["Expires"])
        assert datetime.timedelta(days=30) < expires - timezone.now() < datetime.timedelta(days=365)
        assert values["Preferred-Languages"] == "da, en"
        assert values["Canonical"] == "https://jobfirst.example/.well-known/security.txt"
        assert answer["Content-Security-Policy"] == POLICY_OF_FILES

    @override_settings(JOBFIRST_SECURITY_CONTACT=[])
    def test_without_a_contact_there_is_none(self, client):
        assert client.get("/.well-known/security.txt").status_code == 404


READ = "import jobfirst.settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.{})"


def test_cookies_of_a_real_system_belong_to_its_host_alone():
    code, output = start(GOOD, "-c", READ.format("LANGUAGE_COOKIE_SECURE"))
    assert (code, output.split()) == (0, ["__Host-sessionid", "__Host-csrftoken", "True"])
    rehearsal = GOOD | {"JOBFIRST_MODE": "rehearsal", "JOBFIRST_INSECURE_HTTP": "true"}
    code, output = start(rehearsal, "-c", READ.format("LANGUAGE_COOKIE_SECURE"))
    assert (code, output.split()) == (0, ["sessionid", "csrftoken", "False"])


def test_a_real_system_upgrades_whatever_is_asked_for_by_http():
    read = READ.format("CONTENT_SECURITY_POLICY['DIRECTIVES']['upgrade-insecure-requests']")
    assert start(GOOD, "-c", read)[1].split()[-1] == "True"
    assert not current.CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"]


@pytest.mark.django_db
@override_settings(
    **{"SESSION_COOKIE_NAME": "__Host-sessionid", "CSRF_COOKIE_NAME": "__Host-csrftoken"},
    **dict.fromkeys(("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"), True),
)
def test_one_signs_in_with_the_cookies_of_a_real_system():
    user = UserFactory()
    user.set_password("en lang adgangssætning")
    user.save()
    client = Client(enforce_csrf_checks=True)
    page = client.get(reverse("account_login"), secure=True)
    form = {"login": user.email, "password": "en lang adgangssætning"}
    form["csrfmiddlewaretoken"] = page.context["csrf_token"]
    answer = client.post(
        reverse("account_login"), form, secure=True, headers={"Referer": "https://testserver/login/"}
    )
    assert answer.status_code == 302
    cookie = client.cookies["__Host-sessionid"]
    assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (True, True, "/", "")


BANNER = """
import runpy
import types
from gunicorn.http.wsgi import Response

runpy.run_path("gunicorn.conf.py")
cfg = types.SimpleNamespace(is_ssl=False, protocol="http")
request = types.SimpleNamespace(version=(1, 1), method="GET", should_close=lambda: False)
response = Response(request, None, cfg)
response.start_response("200 OK", [])
print(response.default_headers())
"""


def test_gunicorn_names_neither_itself_nor_its_version():
    answer = subprocess.run(
        [sys.executable, "-c", BANNER], cwd=current.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert "Date:" in answer.stdout
    assert "Server" not in answer.stdout
    assert "gunicorn" not in answer.stdout
