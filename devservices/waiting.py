"""Notices of long waits, on standard error: a slow machine takes longer, and nothing gives up on it.

Standard output is left alone: it belongs to the command, which may print JSON there.
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
    """Names on standard error what is waited for: after FIRST_SECONDS, then every REPEAT_SECONDS.

    For a loop that waits, which calls `show_when_due` in each round and may change `subject`.
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
    """Show a WaitNotice while what is inside blocks.

    It comes from a thread of its own: start no process with a `preexec_fn` inside.
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
