"""Uploaded files go through a virus scanner where one is set; without its word none is taken."""

import io
import logging
import socket
import tempfile
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from grants.expenses import files as voucher_files
from jobfirst.edges.transport_checks import check_transports
from jobfirst.files.virus_scan import PIECE, refuse_viruses
from jobfirst.settings import edges as edge_settings
from tests import clamd
from tests.clamd import EICAR
from tests.factories import UserFactory
from tests.grants.factories import pdf

STOPPED, UNSCANNED = "Virusscanneren stoppede", "kan ikke kontrolleres for virus"


@pytest.fixture
def scanner(settings):
    scanner, settings.JOBFIRST_CLAMD_ADDRESS = clamd.by_tcp()
    yield scanner
    scanner.close()


def test_a_clean_file_is_sent_whole_and_can_be_read_afterwards(scanner):
    content = bytes(range(256)) * (PIECE // 64)
    file = io.BytesIO(content)
    file.read(100)
    refuse_viruses(file)
    assert scanner.received == [content]
    assert file.read() == content


def test_a_virus_is_refused_wherever_it_stands(scanner, caplog):
    with caplog.at_level(logging.WARNING), pytest.raises(ValidationError, match=STOPPED):
        refuse_viruses(io.BytesIO(b" " * (PIECE - 20) + EICAR))
    assert "Eicar-Signature" in caplog.text


def test_a_scanner_is_reached_by_a_socket_file_too(settings):
    with tempfile.TemporaryDirectory(prefix="clamd") as folder:
        scanner, settings.JOBFIRST_CLAMD_ADDRESS = clamd.by_socket_file(Path(folder) / "clamd.sock")
        try:
            with pytest.raises(ValidationError, match=STOPPED):
                refuse_viruses(io.BytesIO(EICAR))
        finally:
            scanner.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK FOUND OK\0",
        b"\xff" * 5000 + b"\0",
    ],
    ids=["nothing", "no end", "too large", "unclear", "too long"],
)
def test_any_other_answer_lets_no_file_through(scanner, answer):
    scanner.answer = answer
    with pytest.raises(ValidationError, match=UNSCANNED):
        refuse_viruses(io.BytesIO(b"clean"))


@pytest.mark.parametrize("address", ["tcp", "/nowhere/clamd.sock"])
def test_a_scanner_that_is_not_there_lets_no_file_through(settings, address):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, but nobody listens
        settings.JOBFIRST_CLAMD_ADDRESS = (
            f"127.0.0.1:{unused.getsockname()[1]}" if address == "tcp" else address
        )
        with pytest.raises(ValidationError, match=UNSCANNED):
            refuse_viruses(io.BytesIO(b"clean"))


def test_without_a_scanner_nothing_is_asked(settings):
    settings.JOBFIRST_CLAMD_ADDRESS = ""
    refuse_viruses(io.BytesIO(EICAR))


def test_a_voucher_with_a_virus_is_refused(scanner):
    with pytest.raises(ValidationError, match=STOPPED):
        voucher_files.check(SimpleUploadedFile("voucher.pdf", pdf() + EICAR))
    assert voucher_files.check(SimpleUploadedFile("voucher.pdf", pdf())).kind == "pdf"


@pytest.mark.django_db
def test_a_delivered_file_with_a_virus_is_refused(scanner, client):
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
    count = User.objects.count()
    file = SimpleUploadedFile("users.csv", b"name;email;role;project\n" + EICAR)
    page = client.post(reverse("user_import"), {"file": file}).content.decode()
    assert STOPPED in page
    assert User.objects.count() == count


@pytest.mark.parametrize("address", ["", "127.0.0.1:3310", "clamav:3310", "/run/clamav/clamd.ctl"])
def test_addresses_that_can_be_set(monkeypatch, address):
    monkeypatch.setenv("JOBFIRST_CLAMD_ADDRESS", address)
    assert edge_settings.limits()["JOBFIRST_CLAMD_ADDRESS"] == address


@pytest.mark.parametrize("address", ["3310", "clamav", "http://clamav:3310/", "clamav:0"])
def test_other_addresses_stop_the_start(monkeypatch, address):
    monkeypatch.setenv("JOBFIRST_CLAMD_ADDRESS", address)
    with pytest.raises(ImproperlyConfigured, match="JOBFIRST_CLAMD_ADDRESS"):
        edge_settings.limits()


def test_a_scanner_on_another_machine_is_named(settings):
    settings.JOBFIRST_CLAMD_ADDRESS = "clamav.example:3310"
    assert "jobfirst.W004" in [warning.id for warning in check_transports()]
    settings.JOBFIRST_CLAMD_ADDRESS = "clamav:3310"
    assert "jobfirst.W004" not in [warning.id for warning in check_transports()]
