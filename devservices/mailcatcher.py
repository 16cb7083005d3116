"""A mail server that delivers nothing: every message becomes a file in a folder.

`python -m devservices.mailcatcher FOLDER [--host 127.0.0.1] [--port 0 | --fd N]`; used by `make run`
and by docker-compose.yml, so that a rehearsal's reminders can be read and reach nobody.
"""

import argparse
import asyncio
import itertools
import os
import signal
import socket
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MOST_BYTES = 10 * 1024 * 1024


class ToFolder:
    """Writes each message to `TIME-NUMBER.eml`, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        name = f"{now}-{os.getpid()}-{next(self.numbers):04}"
        content = envelope.content or b""
        beside = self.folder / f"{name}.new"
        beside.write_bytes(content if isinstance(content, bytes) else content.encode())
        beside.replace(self.folder / f"{name}.eml")
        return "250 Kept"


async def serve(folder: Path, listener: socket.socket) -> None:
    """Take mail on `listener` until SIGTERM or SIGINT."""
    folder.mkdir(parents=True, exist_ok=True)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    handler = ToFolder(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True, hostname="mailcatcher"),
        sock=listener,
    )
    async with server:
        await ended.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes mail and keeps it in a folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1025)
    parser.add_argument("--fd", type=int, help="a listening socket that was inherited")
    chosen = parser.parse_args()
    if chosen.fd is not None:
        listener = socket.socket(fileno=chosen.fd)
    else:
        listener = socket.create_server((chosen.host, chosen.port))
    asyncio.run(serve(chosen.folder, listener))


if __name__ == "__main__":
    main()
