"""The Celery application. Beat's timetable is declared by the apps (`<app>/schedule.py`)."""

import os

from celery import Celery

from jobfirst import services

services.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")

app = Celery("jobfirst")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
