"""A mail server that delivers nothing: every message becomes a file in a folder.

`python -m devservices.mailcatcher FOLDER [--host 127.0.0.1] [--port 0 | --fd N]`; used by `make run` and by
docker-compose.yml, so that a rehearsal's reminders can be read but reach nobody.
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
    """Writes each message to `TIME-NUMBER.eml`, atomically."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        time = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        name = f"{time}-{os.getpid()}-{next(self.numbers):04}"
        content = envelope.content or b""
        new_file = self.folder / f"{name}.new"
        new_file.write_bytes(content if isinstance(content, bytes) else content.encode())
        new_file.replace(self.folder / f"{name}.eml")
        return "250 Kept"


async def serve(folder: Path, listener: socket.socket) -> None:
    """Take mail on `listener` until SIGTERM or SIGINT."""
    folder.mkdir(parents=True, exist_ok=True)
    stop_requested = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop_requested.set)
    handler = ToFolder(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True, hostname="mailcatcher"),
        sock=listener,
    )
    async with server:
        await stop_requested.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes mail and keeps it in a folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1025)
    parser.add_argument("--fd", type=int, help="a listening socket that was inherited")
    arguments = parser.parse_args()
    if arguments.fd is not None:
        listener = socket.socket(fileno=arguments.fd)
    else:
        listener = socket.create_server((arguments.host, arguments.port))
    asyncio.run(serve(arguments.folder, listener))


if __name__ == "__main__":
    main()
