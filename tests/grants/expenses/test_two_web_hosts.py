"""Two web servers behind a balancer share what docs/operations.md says, and nothing else.

Each has a data folder of its own, of which only `vouchers` is shared; requests alternate between them.
"""

import http.client
import re
import socket
import subprocess
import sys
import uuid
from contextlib import ExitStack, closing, contextmanager

import pytest
from django.test import Client
from django.urls import reverse

from devservices.layout import PROJECT
from grants.models import Voucher
from tests.grants.factories import pdf

BOUNDARY = "two-hosts"
NEW = reverse("grants:new_voucher", args=["aalborg"])


@contextmanager
def web_server(environment):
    """Run a web server, and yield its port once it listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        listener.set_inheritable(True)
        command = ["-m", "gunicorn", "jobfirst.wsgi", "--bind", f"fd://{listener.fileno()}"]
        process = subprocess.Popen(
            [sys.executable, *command, "--worker-tmp-dir", "/tmp"],
            cwd=PROJECT,
            env=environment,
            pass_fds=[listener.fileno()],
        )
        try:
            yield port
        finally:
            process.terminate()
            process.wait()


class Browser:
    """Somebody whose requests the balancer sends to one server or the other."""

    def __init__(self, ports, cookies):
        self.ports = ports
        self.cookies = cookies

    def ask(self, host, method, path, body=None, kind="application/x-www-form-urlencoded"):
        """Return the status and the body of the answer of server 0 or 1."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": "localhost", "Cookie": cookie}
        if body is not None:
            headers |= {"Content-Type": kind, "Origin": "http://localhost"}
        with closing(http.client.HTTPConnection("127.0.0.1", self.ports[host], timeout=240)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.msg.get_all("Set-Cookie") or ():
                name, _equals, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.read()

    def token(self, host, path):
        """Return the token of the form on a page."""
        status, page = self.ask(host, "GET", path)
        assert status == 200
        return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.decode())[1]


def multipart(fields, file):
    """Return the body of a form with a file."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    disposition = 'Content-Disposition: form-data; name="file"; filename="a.pdf"'
    head = f"--{BOUNDARY}\r\n{disposition}\r\nContent-Type: application/pdf\r\n\r\n"
    return b"".join([*parts, head.encode(), file, f"\r\n--{BOUNDARY}--".encode()])


@pytest.fixture
def browser(transactional_db, trial, child_environment, tmp_path):
    """The leader, signed in, before two servers with data folders of their own and shared vouchers."""
    (tmp_path / "vouchers").mkdir()
    client = Client()
    client.force_login(trial.leader)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with ExitStack() as stack:
        ports = []
        for name in ("a", "b"):
            folder = tmp_path / name
            folder.mkdir()
            (folder / "vouchers").symlink_to(tmp_path / "vouchers")
            environment = child_environment | {"JOBFIRST_DATA_DIR": str(folder)}
            ports.append(stack.enter_context(web_server(environment)))
        yield Browser(ports, cookies)


@pytest.mark.services
@pytest.mark.long
def test_requests_of_one_person_may_go_to_either_server(browser, trial):
    form = {
        "category": "staff",
        "municipality": trial.aalborg.municipalities.get().pk,
        "on": "2016-05-02",
        "amount": "1.234,50",
        "what": "Løn i april",
        "submission": str(uuid.uuid4()),
        "csrfmiddlewaretoken": browser.token(0, NEW),
    }
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    status, page = browser.ask(1, "POST", NEW, multipart(form, pdf()), kind)
    assert status == 302, page.decode()

    voucher = Voucher.objects.get()
    address = reverse("grants:voucher_file", args=[voucher.public_id])
    assert browser.ask(0, "GET", address) == (200, pdf())  # uploaded to the other
    browser.ask(0, "POST", NEW, multipart(form, pdf()), kind)
    assert Voucher.objects.count() == 1  # the form was sent twice, to another server

    body = f"csrfmiddlewaretoken={browser.token(1, NEW)}"
    cookies = dict(browser.cookies)
    assert browser.ask(1, "POST", reverse("account_logout"), body)[0] == 302
    browser.cookies = cookies
    assert browser.ask(0, "GET", NEW)[0] == 302  # the session has ended at both
