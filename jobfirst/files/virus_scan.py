"""Scanning uploaded files for viruses by a ClamAV daemon, where one is set (JOBFIRST_CLAMD_ADDRESS).

Spoken is the protocol of clamd: INSTREAM, the file in pieces, and one line of answer. While a daemon is set
that does not answer as it should, no file is taken.
"""

import logging
import re
import socket
import struct
from contextlib import closing
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _

PIECE = 64 * 1024  # bytes
SECONDS = 30.0  # for each step: connecting, sending a piece, the answer
LONGEST_ANSWER = 4096
CLEAN = b"stream: OK"
INFECTED = re.compile(rb"stream: ([\w./:() -]{1,200}) FOUND")

logger = logging.getLogger(__name__)


class NoAnswerError(Exception):
    """The daemon did not say whether the file is clean."""


def refuse_viruses(file: "BinaryIO | File[Any]") -> None:
    """Raise ValidationError for a file with a virus, or one that cannot be scanned; begin it anew afterwards.

    Does nothing while no daemon is set.
    """
    address = settings.JOBFIRST_CLAMD_ADDRESS
    if not address:
        return
    file.seek(0)
    try:
        virus = _scan(address, file)
    except (OSError, NoAnswerError) as error:
        logger.error("a file could not be scanned for viruses: %s", type(error).__name__)
        text = _("The file cannot be checked for viruses at the moment. Try again later.")
        raise ValidationError(text, code="unscanned") from error
    finally:
        file.seek(0)
    if virus:
        logger.warning("a file with a virus was refused: %s", virus)
        text = _("The virus scanner stopped this file, and it is not saved. Tell your IT department.")
        raise ValidationError(text, code="virus")


def _scan(address: str, file: "BinaryIO | File[Any]") -> str:
    """Return the name of what is found in the file; empty when it is clean."""
    with closing(_connect(address)) as connection:
        connection.sendall(b"zINSTREAM\0")
        while piece := file.read(PIECE):
            connection.sendall(struct.pack(">I", len(piece)) + piece)
        connection.sendall(struct.pack(">I", 0))
        answer = _answer(connection)
    if answer == CLEAN:
        return ""
    match = INFECTED.fullmatch(answer)
    if match is None:  # as when the file is larger than the daemon's StreamMaxLength
        raise NoAnswerError
    return match[1].decode("ascii")


def _connect(address: str) -> socket.socket:
    """Return a connection to `host:port` or, with a slash in front, to a socket file."""
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(SECONDS)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> bytes:
    """Return what the daemon says, without the zero that ends it."""
    answer = b""
    while not answer.endswith(b"\0"):
        part = connection.recv(LONGEST_ANSWER)
        answer += part
        if not part or len(answer) > LONGEST_ANSWER:
            raise NoAnswerError
    return answer[:-1]
