"""Cache and queue of tasks sign in to Redis by a certificate, as a user with few rights (docs/operations.md).

The embedded Redis is built without TLS: a TLS end that asks for certificates stands before it, as Redis
itself does with `tls-auth-clients yes`. The users and their rights are those of the real server.
"""

import contextlib
import re
import socket
import ssl
import threading

import pytest
import redis
from django.core.cache.backends.redis import RedisCache
from kombu import Connection

from devservices.layout import PROJECT, REDIS_SOCKET, Layout
from devservices.redisserver import Redis
from tests.jobfirst.edges.certificates import Authority

pytestmark = [pytest.mark.services, pytest.mark.long]

PAGE = (PROJECT / "docs" / "operations.md").read_text("utf-8")


def pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def serve(listening, context, path):
    """Pass on what comes by TLS to the socket of Redis."""

    def pass_on(connection):
        with (
            contextlib.suppress(OSError),
            context.wrap_socket(connection, server_side=True) as secure,
            socket.socket(socket.AF_UNIX) as plain,
        ):
            plain.connect(path)
            back = threading.Thread(target=pump, args=(plain, secure))
            back.start()
            pump(secure, plain)
            back.join()

    with contextlib.suppress(OSError):
        while True:
            connection, _address = listening.accept()
            threading.Thread(target=pass_on, args=(connection,), daemon=True).start()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls") / "authority")


@pytest.fixture(scope="module")
def port(tmp_path_factory, authority):
    """The port of the TLS end before a Redis with the users of the page."""
    layout = Layout(tmp_path_factory.mktemp("redis") / "r")
    layout.create()
    server = Redis(layout, durable=False)
    server.start(lambda: True)
    path = str(layout.reachable_root() / "redis" / REDIS_SOCKET)
    (users,) = re.findall(r"^```users.acl\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    with redis.Redis(unix_socket_path=path) as administrator:
        for line in sorted(users.splitlines(), reverse=True):  # that of `default` is the last
            _user, name, *rules = line.split()
            administrator.execute_command("ACL", "SETUSER", name, *rules)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.server(authority.folder / "server.pem"))
    context.load_verify_locations(authority.certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, args=(listening, context, path), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    server.stop()


def url(port, authority, file=None, user="jobfirst"):
    """Return the address as it stands in the environment."""
    certificate = f"&ssl_certfile={file}&ssl_keyfile={file}" if file else ""
    verified = f"ssl_cert_reqs=required&ssl_ca_certs={authority.certificate}"
    return f"rediss://{user}@127.0.0.1:{port}/0?{verified}{certificate}"


def value_of_the_cache(address):
    """Write to the cache with such an address as Django does, and read it again."""
    cache = RedisCache(address, {"KEY_PREFIX": "jobfirst"})
    try:
        cache.set("figure", 7)
        return cache.incr("figure")
    finally:
        cache._cache._get_connection_pool(write=True).disconnect()


def message_of_the_queue(address):
    """Send and receive a message with such an address as Celery does."""
    options = {"global_keyprefix": "jobfirst:", "visibility_timeout": 15}
    with Connection(address, transport_options=options) as broker:
        queue = broker.SimpleQueue("celery")
        queue.put({"task": "none"}, serializer="json")
        message = queue.get(timeout=60)
        message.ack()
        queue.close()
        return message.payload


def test_cache_and_queue_sign_in_by_a_certificate(port, authority):
    address = url(port, authority, authority.client("jobfirst"))
    assert value_of_the_cache(address) == 8
    assert message_of_the_queue(address) == {"task": "none"}


def test_without_a_certificate_nobody_gets_in(port, authority):
    with pytest.raises(redis.exceptions.ConnectionError):
        value_of_the_cache(url(port, authority))


def test_a_server_of_another_authority_is_not_believed(port, authority, tmp_path):
    stranger = Authority(tmp_path / "stranger")
    with pytest.raises(redis.exceptions.ConnectionError, match="certificate verify failed"):
        value_of_the_cache(url(port, stranger, authority.client("jobfirst", "own.pem")))


def test_an_expired_certificate_is_refused_and_a_renewed_one_is_used_at_the_next_connection(port, authority):
    file = authority.client("jobfirst", "renewed.pem", days=-1)
    address = url(port, authority, file)
    with pytest.raises(redis.exceptions.ConnectionError):
        value_of_the_cache(address)
    authority.client("jobfirst", "renewed.pem")
    assert value_of_the_cache(address) == 8


def test_the_user_reads_own_keys_and_rules_nothing(port, authority):
    address = url(port, authority, authority.client("jobfirst", "rights.pem"))
    with redis.Redis.from_url(address) as client:
        for command in (("GET", "other"), ("CONFIG", "GET", "*"), ("FLUSHALL",), ("ACL", "LIST")):
            with pytest.raises(redis.exceptions.NoPermissionError):
                client.execute_command(*command)
    with pytest.raises(redis.exceptions.RedisError, match=r"NOAUTH|WRONGPASS|invalid username|disabled"):
        redis.Redis.from_url(url(port, authority, authority.folder / "rights.pem", "default")).get("jobfirst")
