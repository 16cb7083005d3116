"""Notices of long waits, on standard error: nothing has a time limit, because machines may be slow.

Standard output is not used: it belongs to the command, which may print JSON there.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

FIRST_SECONDS = 5.0
REPEAT_SECONDS = 15.0
TICK_SECONDS = 0.1


class WaitNotice:
    """Shows on standard error what the command waits for: after FIRST_SECONDS, then every REPEAT_SECONDS.

    For a waiting loop, which calls `show_when_due` in each round and may change `subject`.
    """

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.began = time.monotonic()
        self.due = self.began + FIRST_SECONDS

    def show_when_due(self) -> None:
        now = time.monotonic()
        if now >= self.due:
            sys.stderr.write(f"{self.subject} … ({now - self.began:.0f} s)\n")
            sys.stderr.flush()
            self.due = now + REPEAT_SECONDS


@contextmanager
def notice_while(subject: str) -> Iterator[None]:
    """Show a WaitNotice while the block runs.

    The notice comes from a thread: start no process with a `preexec_fn` inside the block.
    """
    notice = WaitNotice(subject)
    ended = threading.Event()

    def show_until_ended() -> None:
        while not ended.wait(TICK_SECONDS):
            notice.show_when_due()

    thread = threading.Thread(target=show_until_ended, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
