"""A task for tests/jobfirst/test_worker.py that is slow the first time and fast the second."""

import time
from pathlib import Path

from jobfirst.celery import app


@app.task
def slow(path: str) -> None:
    trace = Path(path)
    is_second_run = trace.exists()
    with trace.open("a") as file:
        file.write("again\n" if is_second_run else "first\n")
    if not is_second_run:
        time.sleep(600)
