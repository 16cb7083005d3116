"""What a real system tells browsers: https only, no other site, no script of others."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from reminders.own_reminders import new_calendar_address
from tests.factories import ProjectFactory, UserFactory
from tests.jobfirst.settings.test_settings import GOOD, start

NAMES = (
    *("CONTENT_SECURITY_POLICY", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_SECONDS"),
    *("SECURE_REDIRECT_EXEMPT", "SECURE_REFERRER_POLICY", "SECURE_SSL_REDIRECT"),
)
READ = "import json, jobfirst.settings as s;"
READ += f"print(json.dumps({{name: getattr(s, name) for name in {NAMES}}}, default=list))"
YEAR = 365 * 24 * 60 * 60


@pytest.fixture(scope="module")
def real():
    """Return such settings of a real system."""
    code, output = start(GOOD, "-c", READ)
    assert code == 0, output
    return json.loads(output)


@pytest.fixture
def real_client(settings, real):
    """Return a client of a site with the settings of a real system, by https."""
    for name in NAMES:
        setattr(settings, name, real[name])
    return Client(headers={"Origin": "https://evil.example"})


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/konto/login/", "/", "/nowhere/", "/sundhed/live/"])
def test_every_answer_of_a_real_system_has_the_headers(real_client, address):
    answer = real_client.get(address, secure=True)
    seconds, *rest = answer["Strict-Transport-Security"].split("; ")
    assert int(seconds.removeprefix("max-age=")) >= YEAR
    assert "includeSubDomains" in rest
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert not [name for name in answer.headers if name.startswith("Access-Control-")]


@pytest.mark.django_db
def test_what_comes_by_http_is_sent_to_https_before_anything_is_shown(real_client):
    answer = real_client.get("/konto/login/")
    assert (answer.status_code, answer.url) == (301, "https://testserver/konto/login/")
    assert answer.content == b""


@pytest.mark.django_db
def test_a_calendar_program_is_not_led_from_http_to_https(real_client):
    mentor = UserFactory(project=ProjectFactory(), roles=[Role.MENTOR])
    address = reverse("reminders:feed", args=[new_calendar_address(mentor)])
    assert real_client.get(address).status_code == 404
    assert real_client.get(address, secure=True).status_code == 200


@pytest.mark.django_db
def test_a_page_loads_and_runs_only_what_is_our_own(real_client):
    policy = real_client.get("/konto/login/", secure=True)["Content-Security-Policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";") if part.strip())
    for name in ("default-src", "base-uri"):
        assert directives[name] == "'none'", name
    for name in ("script-src", "style-src", "connect-src", "form-action"):
        assert directives[name] == "'self'", name
    assert "unsafe" not in policy
