"""The mail server of the chaos run: `python -m tests.chaos.sink FOLDER FD`; FD is a listening socket.

The file `sink.json` in the folder says how it behaves and which day it is:

    accept           takes every mail
    hang             does not answer after DATA, until it is told otherwise; then closes the connection
    drop             takes the mail, and closes the connection instead of saying so
    refuse           451 for every recipient
    refuse for good  550 for every recipient

Every mail taken becomes a line of `mails.jsonl`, before the sender hears of it.
"""

import asyncio
import email
import json
import signal
import socket
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

REFUSALS = {"refuse": "451 Later", "refuse for good": "550 Nobody of that name"}


class Sink:
    """Behaves as the file says, and writes down what it takes."""

    def __init__(self, folder: Path) -> None:
        self.orders, self.mails, self.sessions = (
            folder / name for name in ("sink.json", "mails.jsonl", "sessions")
        )

    def order(self, name: str) -> str:
        return json.loads(self.orders.read_text())[name]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        with self.sessions.open("ab") as file:  # its size counts the recipients asked for
            file.write(b".")
        refusal = REFUSALS.get(self.order("mode"))
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mode = self.order("mode")
        while mode == "hang" and self.order("mode") == "hang":
            await asyncio.sleep(0.02)
        if mode == "hang":
            server.transport.abort()
            return "421 Closing"
        message = email.message_from_bytes(envelope.content)
        mail = {"day": self.order("day"), "to": envelope.rcpt_tos[0], "id": message["Message-ID"]}
        with self.mails.open("a") as file:
            file.write(json.dumps(mail) + "\n")
        if mode == "drop":
            server.transport.abort()
        return "250 Kept"


async def serve(folder: Path, listener: socket.socket) -> None:
    """Take mail until SIGTERM."""
    stop_requested = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop_requested.set)
    handler = Sink(folder)
    async with await loop.create_server(lambda: SMTP(handler, hostname="sink"), sock=listener):
        await stop_requested.wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2]))))
