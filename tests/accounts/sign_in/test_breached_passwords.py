"""Passwords that are known from breaches are refused, by a file that lies here."""

import hashlib
import random

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.sign_in.breached_passwords import check_list, is_listed

BREACHED = "blå tog spiser grus"


def line_of(password, count=7):
    return f"{hashlib.sha1(password.encode()).hexdigest().upper()}:{count}\r\n"


def write(path, passwords):
    chance = random.Random(3)
    lines = [line_of(password, chance.choice([1, 23, 4_567, 123_456_789])) for password in passwords]
    path.write_text("".join(sorted(lines)), encoding="ascii", newline="")
    return path


@pytest.fixture
def breached(settings, tmp_path):
    path = write(tmp_path / "breached.txt", [BREACHED, *(f"another {number}" for number in range(500))])
    settings.JOBFIRST_BREACHED_PASSWORDS_FILE = str(path)
    return path


def test_a_breached_password_is_refused(breached):
    with pytest.raises(ValidationError, match="lækkede"):
        validate_password(BREACHED)


def test_any_other_is_taken(breached):
    validate_password("blå tog spiser sand")


def test_without_a_list_it_is_not_asked(settings):
    settings.JOBFIRST_BREACHED_PASSWORDS_FILE = ""
    validate_password(BREACHED)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 17, 200])
def test_every_line_is_found_and_nothing_else(tmp_path, count):
    passwords = [f"password {number}" for number in range(count)]
    path = write(tmp_path / "list.txt", passwords)
    assert [password for password in passwords if not is_listed(path, password)] == []
    assert not any(is_listed(path, f"other {number}") for number in range(200))


def test_counts_and_the_last_line_break_may_be_missing(tmp_path):
    path = tmp_path / "list.txt"
    lines = sorted(line_of(name).partition(":")[0] for name in ("a", "b", "c"))
    path.write_text("\n".join(lines), encoding="ascii")
    assert all(is_listed(path, name) for name in ("a", "b", "c"))


def test_a_look_up_reads_little_of_a_large_file(tmp_path, monkeypatch):
    path = write(tmp_path / "list.txt", [f"password {number}" for number in range(20_000)])
    assert path.stat().st_size > 800_000
    looks = []
    from accounts.sign_in import breached_passwords

    monkeypatch.setattr(breached_passwords, "_key", lambda line: looks.append(line) or line[:40])
    assert is_listed(path, "password 777")
    assert len(looks) <= 25


BROKEN = {
    "missing": None,
    "of another form": "this is no list\n" * 50,
    "in small letters": line_of("a").lower() * 50,
    "one endless line": "A" * 10_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_list_that_cannot_be_read_lets_no_password_through(breached, content):
    breached.unlink() if content is None else breached.write_text(content, encoding="ascii")
    with pytest.raises(ValidationError, match="kan ikke kontrolleres"):
        validate_password("blå tog spiser sand")
    assert [warning.id for warning in check_list()] == ["accounts.W001"]


def test_a_list_in_another_order_is_named_before_it_is_used(breached):
    assert check_list() == []
    lines = breached.read_bytes().splitlines(keepends=True)
    breached.write_bytes(b"".join(reversed(lines)))
    assert [warning.id for warning in check_list()] == ["accounts.W001"]


@pytest.mark.django_db
def test_the_page_says_why(client, breached, mentor):
    client.force_login(mentor)
    data = {"oldpassword": "correct horse battery", "password1": BREACHED, "password2": BREACHED}
    answer = client.post(reverse("account_change_password"), data)
    assert "lækkede adgangskoder" in answer.content.decode()
    mentor.refresh_from_db()
    assert mentor.check_password("correct horse battery")
