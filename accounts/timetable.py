"""Beat's timetable for the accounts: invitations that the mail server would not take at once."""

TIMETABLE = {
    "accounts.invitations": {
        "task": "accounts.tasks.send_due_invitations",
        "schedule": 10 * 60.0,
        "options": {"expires": 9 * 60},
    },
}
