"""The Celery application. Beat's timetable is declared by the apps: `SCHEDULE` in `<app>/schedule.py`."""

import importlib
import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init

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


@beat_init.connect
def make_room(sender: Any, **kwargs: Any) -> None:
    """Beat keeps the times of its last runs in the data folder, which a given database may not have made."""
    Path(sender.schedule_filename).parent.mkdir(parents=True, exist_ok=True)
