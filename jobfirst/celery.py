"""The Celery application. What beat runs when stands in the settings (CELERY_BEAT_SCHEDULE)."""

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
    """A worker that has just come up is at work, before beat has sent it anything."""
    from jobfirst import health

    health.beat()


class Scheduler(PersistentScheduler):
    """Celery's own, which remembers its last runs in a file; the file's folder is made if it is missing."""

    def setup_schedule(self) -> None:
        file: str = self.schedule_filename  # type: ignore[attr-defined]  # of its parent
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        super().setup_schedule()
