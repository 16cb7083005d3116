"""The Celery application. Beat's timetable is declared by the apps: `TIMETABLE` in `<app>/timetable.py`."""

import importlib
import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler
from celery.signals import worker_ready

import devservices

devservices.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")


def timetable() -> dict[str, Any]:
    """What beat is to do, from all apps. Read at import: a faulty one stops the start, not the reminders."""
    entries: dict[str, Any] = {}
    for file in sorted(Path(__file__).resolve().parent.parent.glob("*/timetable.py")):
        entries |= importlib.import_module(f"{file.parent.name}.timetable").TIMETABLE
    return entries


app = Celery("jobfirst")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = timetable()
app.autodiscover_tasks()


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
