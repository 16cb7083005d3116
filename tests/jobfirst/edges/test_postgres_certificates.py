"""The real PostgreSQL lets a role in by its own valid certificate and by nothing else."""

import os
import re
import time

import environ
import psycopg
import pytest
from django.db.utils import ConnectionHandler, OperationalError

from devservices import keys
from devservices.binaries import postgres_home
from devservices.layout import PROJECT, Layout
from devservices.postgres import APP_ROLE, DATABASE, OWNER_ROLE, Postgres
from scripts.release.waiting import free_port
from tests.jobfirst.edges.certificates import Authority

pytestmark = [pytest.mark.services, pytest.mark.long]

PAGE = (PROJECT / "docs" / "operations.md").read_text("utf-8")


def of_page(kind):
    """Return the lines of the page that go into a file of PostgreSQL."""
    (text,) = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return text


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls") / "authority")


@pytest.fixture(scope="module")
def port(tmp_path_factory, authority):
    """The port of a server with what the page says for pg_hba.conf and postgresql.conf."""
    layout = Layout(tmp_path_factory.mktemp("tls-server") / "system")
    layout.create()
    keys.load_or_create(layout.keys)
    server = Postgres(layout, durable=False)
    server.start(lambda: True)  # makes cluster, roles and database
    server.stop()
    port = free_port()
    files = {"server.pem": authority.server(server.folder / "server.pem")}
    files["authority.crt"] = server.folder / "authority.crt"
    files["authority.crt"].write_bytes(authority.certificate.read_bytes())
    lines = of_page("postgresql.conf").replace("/etc/postgresql/tls/", "").replace("'*'", "'127.0.0.1'")
    server.more_settings = f"{lines}port = {port}\n"
    server._configure()
    hba = server.folder / "pg_hba.conf"
    hba.write_text(of_page("pg_hba.conf"))
    for path in (*files.values(), hba):
        path.chmod(0o600)
        if server.user is not None:
            os.chown(path, server.user.pw_uid, server.user.pw_gid)
    server._launch(postgres_home(server.user))
    yield port
    server.stop()


def url(port, role, authority, file=None, password="", mode="verify-full"):
    """Return the address as it stands in the environment."""
    certificate = f"&sslcert={file}&sslkey={file}" if file else ""
    sign_in = f"{role}:{password}" if password else role
    address = f"postgres://{sign_in}@127.0.0.1:{port}/{DATABASE}"
    return f"{address}?sslmode={mode}&sslrootcert={authority.certificate}{certificate}"


def role_of(address):
    """Connect as Django does with such an address; return the role. OperationalError when refused."""
    handler = ConnectionHandler({"default": environ.Env.db_url_config(address)})
    wrapper = handler["default"]
    for _half_second in range(120):  # the server may still be starting
        try:
            with wrapper.get_new_connection(wrapper.get_connection_params()) as connection:
                return connection.execute("SELECT session_user").fetchone()[0]
        except (OperationalError, psycopg.OperationalError) as error:
            if "Connection refused" not in str(error) and "starting up" not in str(error):
                raise
            time.sleep(0.5)
    raise AssertionError("the server does not answer")


@pytest.mark.parametrize("role", [APP_ROLE, OWNER_ROLE])
def test_the_certificate_of_a_role_signs_in_without_a_password(port, authority, role):
    assert role_of(url(port, role, authority, authority.client(role))) == role


def refusal(address):
    """Return why the server refuses the address."""
    with pytest.raises(psycopg.OperationalError) as error:
        role_of(address)
    return str(error.value)


def test_no_certificate_and_a_password_alone_are_refused(port, authority):
    for password in ("", "x" * 64):
        assert "client certificate" in refusal(url(port, APP_ROLE, authority, password=password))


def test_the_certificate_of_the_application_does_not_sign_in_as_the_owner(port, authority):
    application = authority.client(APP_ROLE, "as-owner.pem")
    assert "authentication failed" in refusal(url(port, OWNER_ROLE, authority, application))


def test_a_certificate_of_another_authority_is_refused(port, authority, tmp_path):
    stranger = Authority(tmp_path / "stranger").client(APP_ROLE)
    assert "unknown ca" in refusal(url(port, APP_ROLE, authority, stranger)).lower()


def test_a_server_of_another_authority_is_not_believed(port, authority, tmp_path):
    stranger = Authority(tmp_path / "stranger")
    address = url(port, APP_ROLE, stranger, authority.client(APP_ROLE, "own.pem"))
    assert "certificate verify failed" in refusal(address)


def test_an_expired_certificate_is_refused_and_a_renewed_one_is_used_at_the_next_connection(port, authority):
    file = authority.client(APP_ROLE, "renewed.pem", days=-1)
    address = url(port, APP_ROLE, authority, file)
    assert "expired" in refusal(address)
    authority.client(APP_ROLE, "renewed.pem")
    assert role_of(address) == APP_ROLE


def test_without_tls_nobody_gets_in(port, authority):
    address = url(port, APP_ROLE, authority, password="x" * 64, mode="disable")
    assert "no pg_hba.conf entry" in refusal(address)
