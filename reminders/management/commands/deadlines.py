"""`deadlines`: all that is open on a day (docs/formats.md)."""

import json
from collections import defaultdict
from typing import Any

from django.utils import translation

from accounts.management.day_commands import DayCommand
from accounts.models import User
from jobfirst.row_security.context import all_projects
from reminders import extension_points, recipients
from reminders.extension_points import Description
from reminders.models import Deadline, ReminderReason


class Command(DayCommand):
    """`deadlines [--on DATE] [--project SLUG] [--format text|json]`."""

    help = "List what is owed on a day, and who is told of it."
    default_format = "text"

    @all_projects("the operator asks for one project or all")
    def handle(self, *args: Any, **options: Any) -> None:
        on, project = self.chosen_day(options), self.chosen_project(options)
        deadlines = Deadline.objects.shown_on(on)
        if project is not None:
            deadlines = deadlines.filter(project=project)
        emails = dict(User.objects.values_list("pk", "email"))
        emails_by_deadline = defaultdict(list)
        for telling in recipients.tellings(on):
            if telling.reason == ReminderReason.DUE:
                emails_by_deadline[telling.deadline_id].append(emails[telling.recipient_id])
        stored = list(deadlines.order_by("due", "kind", "subject", "pk"))
        with translation.override("en"):
            about = extension_points.describe_subjects((row.subject_type, row.subject) for row in stored)
        objects = [
            self.json_object(
                row, emails_by_deadline.get(row.pk, []), about[row.subject_type].get(row.subject)
            )
            for row in stored
        ]
        if options["format"] == "json":
            self.stdout.write(json.dumps({"on": on.isoformat(), "deadlines": objects}, ensure_ascii=False))
            return
        for row in objects:
            subject = row.get("course") or row.get("project")
            self.stdout.write(f"{row['due_on']} {row['kind']} {subject} {', '.join(row['recipients'])}")

    def json_object(
        self, deadline: Any, recipient_emails: list[str], description: Description | None
    ) -> dict[str, Any]:
        """Return the JSON object of a deadline, as it is due on the day."""
        later = deadline.due - deadline.due_on
        return {
            "kind": deadline.kind,
            deadline.subject_type: deadline.subject,
            "due_on": deadline.due.isoformat(),
            "shown_from": (deadline.shown_from + later).isoformat(),
            "function": deadline.functions[0],
            "recipients": sorted(recipient_emails),
            **(description.keys if description else {}),
        }
