"""Beat's timetable for the house itself."""

TIMETABLE = {
    "jobfirst.heartbeat": {
        "task": "jobfirst.tasks.heartbeat",
        "schedule": 60,
        "options": {"expires": 60},
    },
}
