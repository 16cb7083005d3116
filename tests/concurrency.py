"""Functions that run at the same time, each in a thread with a database connection of its own."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, connections

from jobfirst.database.advisory_locks import LockKey

DEADLINE = 60  # seconds after which a job hangs
IS_ANYBODY_BLOCKED_HERE = """
    SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))
"""
SOON = 1.0  # seconds in which an action that is not blocked has finished


def run_at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the jobs; return what each of them returned or raised, in their order.

    TimeoutError stands for a job that has not ended after a minute.
    """
    barrier = threading.Barrier(len(jobs))
    outcomes: list[Any] = [TimeoutError("the job hangs")] * len(jobs)

    def run(number: int, job: Callable[[], Any]) -> None:
        try:
            barrier.wait(DEADLINE)
            outcomes[number] = job()
        except BaseException as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(number, job), daemon=True) for number, job in enumerate(jobs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    return outcomes


def is_lock_of_deadlines_free() -> bool:
    """Whether the morning's round could begin: no other transaction holds the lock of the deadlines."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LockKey.DEADLINES])
        return bool(cursor.fetchone()[0])


class BackgroundAction:
    """An action on a connection of its own, running while the test goes on."""

    def __init__(self, action: Callable[[], Any]) -> None:
        self.outcome: Any = None
        self.thread = threading.Thread(target=self._run, args=[action], daemon=True)
        self.thread.start()

    def _run(self, action: Callable[[], Any]) -> None:
        try:
            self.outcome = action()
        except Exception as error:
            self.outcome = error
        finally:
            connections.close_all()

    def is_waiting(self) -> bool:
        """Whether the action is still running after a second."""
        self.thread.join(SOON)
        return self.thread.is_alive()

    def is_blocked(self) -> bool:
        """Whether the action waits for the caller's transaction; returns once it does, or has ended."""
        end = time.monotonic() + DEADLINE
        while self.thread.is_alive() and time.monotonic() < end:
            with connection.cursor() as cursor:
                cursor.execute(IS_ANYBODY_BLOCKED_HERE)
                if cursor.fetchone()[0]:
                    return True
            time.sleep(0.02)
        return False

    def join(self) -> Any:
        """Return what the action returned or raised."""
        self.thread.join(DEADLINE)
        assert not self.thread.is_alive()
        return self.outcome
