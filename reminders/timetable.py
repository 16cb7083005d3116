"""Beat's timetable for the reminders.

The first tick of a working day, at 07:00 Europe/Copenhagen, makes and sends the day's digests (D33). The
others are there for when it did not: every quarter of an hour until the end of the working day they make
what was not made and send what was not sent, because a worker, the mail server or the whole machine was down.
A tick that is a quarter of an hour old has a successor, and is thrown away rather than run.
"""

from celery.schedules import crontab

FROM_HOUR = 7
UNTIL_HOUR = 17

TIMETABLE = {
    "reminders.tick": {
        "task": "reminders.tasks.tick",
        "schedule": crontab(minute="*/15", hour=f"{FROM_HOUR}-{UNTIL_HOUR}", day_of_week="mon-fri"),
        "options": {"expires": 14 * 60},
    },
}
