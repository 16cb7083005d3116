"""`check --deploy` names standing passwords of a real system, and certificates that do not work."""

import datetime
import os
import re
import subprocess
from types import SimpleNamespace

import pytest
import time_machine

from devservices.layout import PROJECT
from jobfirst.database import owner
from jobfirst.edges.credential_checks import check_credentials
from tests.jobfirst.edges.certificates import SCRIPT, Authority
from tests.jobfirst.settings.test_settings import GOOD, start


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("checks") / "authority")


@pytest.fixture
def certificate(authority):
    """The parameters of a right address of PostgreSQL."""
    file = str(authority.client("jobfirst_app"))
    return {
        "sslmode": "verify-full",
        "sslrootcert": str(authority.certificate),
        "sslcert": file,
        "sslkey": file,
    }


@pytest.fixture
def checked(settings, monkeypatch):
    """Return a function that gives the ids of what is found with such parameters of DATABASE_URL."""
    settings.JOBFIRST_MODE = "real"
    settings.DATABASE_OWNER_URL = ""
    settings.REDIS_URL = "unix:///run/redis/redis.sock?db=0"

    def ids(options, password=""):
        monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", options)
        monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", password)
        return [message.id for message in check_credentials()]

    return ids


def test_a_certificate_or_the_user_of_a_socket_is_right(checked, certificate):
    assert checked(certificate) == []
    assert checked({}) == []


def test_a_standing_password_of_a_real_system_is_named(checked, settings):
    settings.REDIS_URL = "rediss://:secret@redis.example/0?ssl_cert_reqs=required"
    settings.DATABASE_OWNER_URL = "postgres://owner:secret@db.example/jobfirst?sslmode=verify-full"
    assert checked({}, "secret") == ["jobfirst.W005"] * 3
    settings.JOBFIRST_MODE = "rehearsal"
    assert checked({}, "secret") == []


@pytest.mark.services
def test_the_command_names_the_variable_and_no_password():
    code, output = start(GOOD, "manage.py", "check", "--deploy")
    assert code == 0
    assert output.count("jobfirst.W005") == 2
    assert "DATABASE_URL" in output
    assert ":secret" not in output


@pytest.mark.parametrize(
    ("changes", "message_id"),
    [
        ({"sslkey": ""}, "jobfirst.E005"),
        ({"sslcert": ""}, "jobfirst.E005"),
        ({"sslrootcert": ""}, "jobfirst.E005"),
        ({"sslmode": "verify-ca"}, "jobfirst.E005"),
        ({"sslcert": "/nowhere/a.pem"}, "jobfirst.E006"),
    ],
)
def test_a_set_that_is_not_whole_is_refused(checked, certificate, changes, message_id):
    assert checked(certificate | changes) == [message_id]


def test_a_file_without_a_certificate_is_refused(checked, certificate, tmp_path):
    (tmp_path / "empty.pem").touch(mode=0o600)
    assert checked(certificate | {"sslcert": str(tmp_path / "empty.pem")}) == ["jobfirst.E006"]


def test_a_key_that_others_may_read_is_refused(checked, certificate, authority):
    (authority.folder / "jobfirst_app.pem").chmod(0o640)
    assert checked(certificate) == ["jobfirst.E007"]


@pytest.mark.parametrize(("days", "ids"), [(5, []), (6.5, ["jobfirst.W006"]), (8, ["jobfirst.E008"])])
def test_one_that_was_not_renewed_is_named(checked, certificate, days, ids):
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days), tick=False):
        assert checked(certificate) == ids


def test_redis_likewise(checked, settings, authority):
    file = authority.client("jobfirst", "redis.pem")
    address = f"rediss://jobfirst@redis.example/0?ssl_certfile={file}&ssl_keyfile={file}"
    settings.REDIS_URL = address
    assert checked({}) == ["jobfirst.E005"]
    settings.REDIS_URL = f"{address}&ssl_cert_reqs=required&ssl_ca_certs={authority.certificate}"
    assert checked({}) == []


@pytest.mark.parametrize(
    ("parameters", "certificate_of_owner"),
    [
        ("?sslcert=/owner.pem&sslkey=/owner.pem", {"sslcert": "/owner.pem", "sslkey": "/owner.pem"}),
        ("", {}),  # by a password, or as the user of a socket
    ],
)
def test_the_owner_signs_in_by_its_own_certificate_or_none(
    settings, monkeypatch, parameters, certificate_of_owner
):
    settings.DATABASE_OWNER_URL = f"postgres://owner@db.example/jobfirst{parameters}"
    application = {"sslmode": "verify-full", "sslcert": "/app.pem", "sslkey": "/app.pem"}
    before = {"USER": "app", "PASSWORD": "", "HOST": "db.example", "PORT": "", "OPTIONS": application}
    connection = SimpleNamespace(close=lambda: None, settings_dict=dict(before))
    monkeypatch.setattr(owner, "connections", {"default": connection})
    with owner.as_owner():
        assert connection.settings_dict["OPTIONS"] == {"sslmode": "verify-full", **certificate_of_owner}
    assert connection.settings_dict == before


def test_renewal_makes_what_is_missing_or_half_over_and_nothing_else(tmp_path):
    authority = Authority(tmp_path / "authority")
    fresh, old, missing = (tmp_path / f"{name}.pem" for name in ("fresh", "old", "missing"))
    authority.client("jobfirst_app", str(fresh))
    authority.client("jobfirst_app", str(old), days=3)
    names = [f"client jobfirst_app {path}" for path in (fresh, old)] + [f"server db.example {missing}"]
    (authority.folder / "list").write_text("".join(f"{line}\n" for line in names))
    before = {path: path.read_bytes() for path in (fresh, old)}
    assert authority.renew() == names[1:]
    assert fresh.read_bytes() == before[fresh]
    assert old.read_bytes() != before[old]
    assert [path.stat().st_mode & 0o777 for path in (old, missing)] == [0o600, 0o600]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "authority",
        "fresh.pem",
        "missing.pem",
        "old.pem",
    ]
    assert authority.renew() == []


@pytest.fixture
def half_failing(tmp_path):
    """An authority whose list has a line that cannot be renewed before those of a server and a role."""
    authority = Authority(tmp_path / "authority")
    nowhere = f"client jobfirst_app {tmp_path}/nowhere/app.pem"
    good = [f"server db.example {tmp_path}/server.pem", f"client jobfirst_owner {tmp_path}/owner.pem"]
    (authority.folder / "list").write_text("\n".join([nowhere, "", *good]))
    return authority, good


def test_one_that_fails_and_a_blank_line_leave_the_others_renewed(half_failing, tmp_path):
    authority, good = half_failing
    assert authority.renew(failures=1) == good
    assert sorted(path.name for path in tmp_path.iterdir()) == ["authority", "owner.pem", "server.pem"]


@pytest.mark.parametrize("failing", ["", "postgresql"])
def test_the_servers_are_told_though_a_part_failed(half_failing, tmp_path, failing):
    authority, _good = half_failing
    page = (PROJECT / "docs" / "operations.md").read_text("utf-8")
    (script,) = re.findall(
        r"^cat > /etc/cron.daily/jobfirst-certificates <<'SH'\n(.*?)^SH$", page, re.M | re.S
    )
    script = script.replace("/opt/jobfirst/deploy/certificates", str(SCRIPT))
    script = script.replace("/etc/jobfirst-authority", str(authority.folder))
    calls = tmp_path / "calls"
    systemctl = tmp_path / "bin" / "systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n[ "$2" != "{failing}" ]\n')
    systemctl.chmod(0o700)
    path = f"{systemctl.parent}:{os.environ['PATH']}"
    ended = subprocess.run(["sh", "-c", script], env={"PATH": path}, check=False, capture_output=True)
    assert ended.returncode == 1
    assert calls.read_text().splitlines() == ["reload postgresql", "restart redis-server"]
