"""A small proxy on loopback that does as nginx does with deploy/nginx/jobfirst.conf.

It takes in a whole request, sends it to the server behind it on a connection of its own, returns the answer,
and keeps the browser's connection. Where the server cannot be reached or does not answer, the browser gets
502; nothing is sent twice.
"""

import asyncio
import contextlib
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

END_OF_HEAD = b"\r\n\r\n"
BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"


class NoAnswer(Exception):
    """Why the server behind the proxy has not answered: refused, or broken off."""


@dataclass
class Seen:
    """What the proxy saw in one phase."""

    statuses: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    longest: float = 0.0


class Proxy:
    """`target` is the port of the server for new requests; those under way stay where they are.

    What is seen is counted by the phase in which a request began.
    """

    def __init__(self, port: int, target: int) -> None:
        self.port = port
        self.target = target
        self.phase = ""
        self.seen: dict[str, Seen] = {}
        self.waiting = 0
        self._loop = asyncio.new_event_loop()
        self._is_serving = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Proxy":
        self._thread.start()
        assert self._is_serving.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)

    def _run(self) -> None:
        starting = asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=1024)
        server = self._loop.run_until_complete(starting)
        self._is_serving.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, browser: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await browser.readuntil(END_OF_HEAD)
                request = without_connection(head) + await browser.readexactly(length_of(head))
                answers.write(await self._answer(request))
                await answers.drain()
        answers.close()

    async def _answer(self, request: bytes) -> bytes:
        seen = self.seen.setdefault(self.phase, Seen())
        began = time.monotonic()
        self.waiting += 1
        try:
            answer = await ask(self.target, request)
        except NoAnswer as reason:
            seen.failures[str(reason)] += 1
            answer = BAD_GATEWAY
        finally:
            self.waiting -= 1
        seen.longest = max(seen.longest, time.monotonic() - began)
        seen.statuses[answer.split(b" ", 2)[1].decode()] += 1
        return answer


async def ask(port: int, request: bytes) -> bytes:
    """Return the answer of the server on this port to a request; NoAnswer without a whole one."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        raise NoAnswer("refused") from error
    try:
        writer.write(request)
        await writer.drain()
        answer = await reader.read(-1)
    except OSError as error:
        raise NoAnswer("broken off") from error
    finally:
        writer.close()
    head, end, body = answer.partition(END_OF_HEAD)
    if not end or len(body) < length_of(head + end):
        raise NoAnswer("broken off")
    lines = [line for line in head.split(b"\r\n") if not is_of_connection(line)]
    if not any(line.lower().startswith(b"transfer-encoding:") for line in lines):
        lines = [line for line in lines if not line.lower().startswith(b"content-length:")]
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + END_OF_HEAD + body


def is_of_connection(line: bytes) -> bool:
    """Whether a line of a head is of one connection alone, and not passed on."""
    return line.lower().startswith((b"connection:", b"keep-alive:"))


def without_connection(head: bytes) -> bytes:
    """Return the head of a request as it is sent on: for a connection that ends after the answer."""
    lines = [line for line in head.removesuffix(END_OF_HEAD).split(b"\r\n") if not is_of_connection(line)]
    return b"\r\n".join([*lines, b"Connection: close"]) + END_OF_HEAD


def length_of(head: bytes) -> int:
    """Return the length of the body that a head announces."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
