"""Functions that run at the same time, each in a thread with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

DEADLINE = 60  # seconds after which a job hangs
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

    def join(self) -> Any:
        """Return what the action returned or raised."""
        self.thread.join(DEADLINE)
        assert not self.thread.is_alive()
        return self.outcome
