"""`check --deploy` names each connection to another machine that is not encrypted."""

import pytest
import yaml

from devservices.layout import PROJECT
from jobfirst.edges.transport_checks import check_transports, is_elsewhere
from tests.loops import some

CONTAINERS = {"DATABASE": ("postgres", {}), "REDIS": "redis://:x@redis:6379/0", "MAIL": ("mail", False)}
OTHER_MACHINES = {
    "DATABASE": ("db.example", {"sslmode": "verify-full"}),
    "REDIS": "rediss://:x@redis.example/0?ssl_cert_reqs=required",
    "MAIL": ("mail.example", True),
}


@pytest.fixture
def checked(settings, monkeypatch):
    """Return a function that gives the names of the warnings with such addresses."""

    def names(addresses):
        host, options = addresses["DATABASE"]
        monkeypatch.setitem(settings.DATABASES["default"], "HOST", host)
        monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", options)
        settings.REDIS_URL = addresses["REDIS"]
        settings.EMAIL_HOST, settings.EMAIL_USE_TLS = addresses["MAIL"]
        settings.EMAIL_USE_SSL = False
        return [message.id for message in check_transports()]

    return names


def test_one_machine_needs_no_encryption(checked):
    assert checked(CONTAINERS) == []


def test_encrypted_connections_to_other_machines_are_right(checked):
    assert checked(OTHER_MACHINES) == []


@pytest.mark.parametrize(
    ("name", "value", "warning"),
    [
        ("DATABASE", ("db.example", {}), "jobfirst.W001"),
        ("DATABASE", ("10.0.0.7", {"sslmode": "require"}), "jobfirst.W001"),
        ("REDIS", "redis://:x@redis.example/0", "jobfirst.W002"),
        ("REDIS", "rediss://redis.example/0", "jobfirst.W002"),
        ("MAIL", ("mail.example", False), "jobfirst.W003"),
    ],
)
def test_a_plain_connection_to_another_machine_is_named(checked, name, value, warning):
    assert checked(OTHER_MACHINES | {name: value}) == [warning]


@pytest.mark.parametrize("host", ["", "localhost", "127.0.0.1", "::1", "/run/postgresql", "redis", None])
def test_what_is_on_this_machine(host):
    assert not is_elsewhere(host)


def test_web_listens_on_the_loopback_and_nothing_else_is_open():
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert list(ports) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in some(ports["web"]))


def test_redis_asks_for_a_password():
    services = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]
    assert "--requirepass" in services["redis"]["command"]
    assert "JOBFIRST_REDIS_PASSWORD" in services["web"]["environment"]["REDIS_URL"]
