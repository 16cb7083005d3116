"""Beat's timetable for the grants: documents whose worker was lost are made all the same."""

from celery.schedules import crontab

SCHEDULE = {
    "grants.make_waiting_documents": {
        "task": "grants.tasks.make_waiting_documents",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 4 * 60},
    },
}
