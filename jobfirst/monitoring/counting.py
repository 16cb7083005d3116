"""Counting requests for Prometheus, in files that all processes of a server share.

Gunicorn has several processes, and whichever answers a scrape knows its own requests only. So each counts in
a file of its own in one folder, and `serve_metrics`, a process with an address of its own, adds them up.
Nothing here is imported while metrics are off.
"""

import os
from pathlib import Path

#: Read by prometheus_client when it is imported.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
COUNT_BEFORE = "django_prometheus.middleware.PrometheusBeforeMiddleware"
COUNT_AFTER = "django_prometheus.middleware.PrometheusAfterMiddleware"


def count_into(folder: str) -> None:
    """Let this process count into the folder; it is made when it is missing."""
    Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[FOLDER] = folder


def forget_earlier_processes() -> None:
    """Remove the files of an earlier start: called when the web server starts, before it has processes."""
    folder = os.environ.get("JOBFIRST_METRICS_DIR", "")
    for file in Path(folder).glob("*.db") if folder else ():
        file.unlink(missing_ok=True)


def forget_process(pid: int) -> None:
    """Remove what only a process that has ended could tell."""
    if os.environ.get("JOBFIRST_METRICS_DIR"):
        os.environ.setdefault(FOLDER, os.environ["JOBFIRST_METRICS_DIR"])
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(pid)
