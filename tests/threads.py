"""Jobs that run at the same moment, each in a thread with a database connection of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

DEADLINE = 60


def run_at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the jobs; return what each of them returned or raised, in their order.

    None stands for a job that has not ended after a minute.
    """
    barrier, outcomes = threading.Barrier(len(jobs)), [None] * len(jobs)

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
