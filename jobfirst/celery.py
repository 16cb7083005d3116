"""The Celery application. Its schedule is CELERY_BEAT_SCHEDULE in the settings."""

import os
from pathlib import Path
from typing import Any

from celery import Celery, bootsteps
from celery.beat import PersistentScheduler
from celery.signals import worker_ready

import devservices

devservices.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")

from jobfirst.logs import tasks as _logs_of_tasks  # noqa: E402, F401  # its signals

#: How often a worker touches its file; its container's health check allows some of them to fail.
ALIVE_SECONDS = 10

app = Celery("jobfirst")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def first_heartbeat(**kwargs: Any) -> None:
    """Record a heartbeat as soon as a worker has started, before beat has sent it a task."""
    from jobfirst.monitoring import heartbeat

    heartbeat.beat()


class SignsOfLife(bootsteps.StartStopStep):
    """Lets the worker touch its file as long as its loop turns (`jobfirst.monitoring.heartbeat`)."""

    requires = ("celery.worker.components:Timer",)

    def start(self, worker: Any) -> None:
        from jobfirst.monitoring import heartbeat

        heartbeat.touch_alive_file()
        worker.timer.call_repeatedly(ALIVE_SECONDS, heartbeat.touch_alive_file)


app.steps["worker"].add(SignsOfLife)


class Scheduler(PersistentScheduler):
    """Celery's scheduler, which stores its last runs in a file; creates the file's folder when it is
    missing."""

    def setup_schedule(self) -> None:
        file: str = self.schedule_filename  # type: ignore[attr-defined]  # of its parent
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        super().setup_schedule()

    def tick(self, *arguments: Any, **options: Any) -> float:
        """Queue what is due, touch the file of beat, and return the seconds until the next tick."""
        from jobfirst.monitoring import heartbeat

        seconds: float = super().tick(*arguments, **options)
        heartbeat.touch_alive_file()
        return seconds
