"""Beat's timetable for the draw: the ledger's head goes to the agency every day, in the morning.

The later ticks are there for when the first did not come through; they send nothing twice.
"""

from celery.schedules import crontab

SCHEDULE = {
    "randomization.mail_head": {
        "task": "randomization.tasks.mail_head",
        "schedule": crontab(minute="10", hour="6-20/2"),
        "options": {"expires": 60 * 60},
    },
}
