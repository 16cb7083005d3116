"""A task for tests/jobfirst/test_worker.py that takes for ever the first time, and no time the second."""

import time
from pathlib import Path

from jobfirst.celery import app


@app.task
def slow(path: str) -> None:
    trace = Path(path)
    again = trace.exists()
    with trace.open("a") as file:
        file.write("again\n" if again else "first\n")
    if not again:
        time.sleep(600)
