"""After sign-in, sign-out and a change of language one stays on this site, whatever the address asks for."""

import pytest
from django.urls import reverse

PASSWORD = "correct horse battery"
ELSEWHERE = {
    "another site": "https://evil.example/",
    "without scheme": "//evil.example/",
    "three slashes": "///evil.example/",
    "backslashes": "\\\\evil.example/",
    "slash and backslash": "/\\evil.example/",
    "script": "javascript:alert(1)",
    "data": "data:text/html,x",
    "user part": "https://testserver@evil.example/",
    "another port's site": "http:evil.example",
    "tab": "/\t/evil.example/",
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_earlier_attempts")]


def stays_here(address):
    return address.startswith("/") and not address.startswith(("//", "/\\", "/\t"))


@pytest.mark.parametrize("target", ELSEWHERE.values(), ids=ELSEWHERE)
def test_sign_in_sends_nobody_elsewhere(client, mentor, target):
    fields = {"login": "mentor@example.invalid", "password": PASSWORD, "next": target}
    answer = client.post(reverse("account_login"), fields)
    assert answer.status_code == 302
    assert stays_here(answer.url)


@pytest.mark.parametrize("target", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_change_of_language_sends_nobody_elsewhere(client, target):
    for answer in (
        client.post(reverse("set_language"), {"language": "en", "next": target}),
        client.post(reverse("set_language"), {"language": "en"}, headers={"Referer": target}),
    ):
        assert stays_here(answer.url)


@pytest.mark.parametrize("target", ELSEWHERE.values(), ids=ELSEWHERE)
def test_sign_out_sends_nobody_elsewhere(client, mentor, target):
    client.force_login(mentor)
    assert stays_here(client.post(reverse("account_logout"), {"next": target}).url)


@pytest.mark.parametrize("target", ["https://evil.example/x/", "//evil.example/x/", "javascript:alert(1)"])
def test_the_page_that_htmx_names_sends_nobody_elsewhere(client, target):
    headers = {"HX-Request": "true", "HX-Current-URL": target}
    address = client.get(reverse("account"), headers=headers)["HX-Redirect"]
    assert address.startswith(reverse("account_login"))
    assert "evil.example" not in address
