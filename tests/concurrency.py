"""Run functions at the same time, each in a thread with a database connection of its own."""

import threading

from django.db import connections


def run_at_once(*jobs) -> list[object]:
    """Run the jobs in threads that start together; return each one's result or exception."""
    outcomes: list[object] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(number: int) -> None:
        try:
            start.wait(timeout=20)
            outcomes[number] = jobs[number]()
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes
