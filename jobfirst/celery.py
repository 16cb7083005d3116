"""The Celery application. Its schedule is CELERY_BEAT_SCHEDULE in the settings."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler
from celery.signals import worker_ready

import devservices

devservices.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")

app = Celery("jobfirst")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def first_heartbeat(**kwargs: Any) -> None:
    """Record a heartbeat as soon as a worker has started, before beat has sent it a task."""
    from jobfirst import health

    health.beat()


class Scheduler(PersistentScheduler):
    """Celery's scheduler, which stores its last runs in a file; creates the file's folder when it is
    missing."""

    def setup_schedule(self) -> None:
        file: str = self.schedule_filename  # type: ignore[attr-defined]  # of its parent
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        super().setup_schedule()
