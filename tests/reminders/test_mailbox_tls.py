"""The mailbox of returned mail is read only from a server whose certificate is verified."""

import datetime
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from reminders.mailboxes import open_return_mailbox


def self_signed(folder):
    """Write a certificate of 127.0.0.1 that nobody vouches for, with its key; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def server(tmp_path):
    """Run a server that speaks TLS with such a certificate once; yield its port and what it was told."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    received = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            connection, _address = listening.accept()
            with connection:
                try:
                    with context.wrap_socket(connection, server_side=True) as secure:
                        secure.sendall(b"* OK ready\r\n")
                        received.append(secure.recv(1000))
                except OSError:  # the caller has hung up, as it must
                    return

        thread = threading.Thread(target=answer)
        thread.start()
        yield listening.getsockname()[1], received
        thread.join()


def test_a_server_with_an_unknown_certificate_is_refused(settings, server):
    port, received = server
    settings.JOBFIRST_RETURN_MAILBOX = f"imaps://retur:secret@127.0.0.1:{port}/INBOX"
    with pytest.raises(ssl.SSLCertVerificationError):
        open_return_mailbox()
    assert received in ([], [b""])
