"""The Celery application. Beat's timetable is declared by the apps: `SCHEDULE` in `<app>/schedule.py`."""

import importlib
import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler
from celery.signals import worker_ready

from jobfirst import services

services.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")

app = Celery("jobfirst")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def read_timetables(sender: Celery, **kwargs: Any) -> None:
    """Collect the timetables of the apps that have one."""
    from django.conf import settings

    for file in sorted(settings.BASE_DIR.glob("*/schedule.py")):
        module = importlib.import_module(f"{file.parent.name}.schedule")
        sender.conf.beat_schedule.update(module.SCHEDULE)


@worker_ready.connect
def first_heartbeat(**kwargs: Any) -> None:
    """A worker that has just come up is at work, before beat has sent it anything."""
    from jobfirst import health

    health.beat()


class Scheduler(PersistentScheduler):
    """Celery's own, which remembers its last runs in a file; the file's folder is made if it is missing."""

    def setup_schedule(self) -> None:
        file: str = self.schedule_filename  # type: ignore[attr-defined]
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        super().setup_schedule()
