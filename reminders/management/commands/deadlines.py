"""`deadlines`: all that is open on a day (docs/formats.md)."""

import json
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.models import Project, User
from jobfirst import clock
from jobfirst.exchange.rows import iso_day
from reminders import extension_points, recipients
from reminders.extension_points import Description
from reminders.models import Deadline, ReminderReason


class Command(BaseCommand):
    """`deadlines [--on DATE] [--project SLUG] [--format text|json]`."""

    help = "List what is owed on a day, and who is told of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DATE", help="the day, as 2016-03-01 (default: today)")
        parser.add_argument("--project", metavar="SLUG", help="one project only")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        on = clock.today() if options["on"] is None else iso_day(options["on"])
        if on is None:
            raise CommandError(f"--on: '{options['on']}' is not a date such as 2016-03-01")
        deadlines = Deadline.objects.shown_on(on)
        if options["project"]:
            if not Project.objects.filter(slug=options["project"]).exists():
                raise CommandError(f"--project: there is no project '{options['project']}'")
            deadlines = deadlines.filter(project__slug=options["project"])
        emails = dict(User.objects.values_list("pk", "email"))
        told = defaultdict(list)
        for telling in recipients.tellings(on):
            if telling.reason == ReminderReason.DUE:
                told[telling.deadline_id].append(emails[telling.recipient_id])
        stored = list(deadlines.order_by("due", "kind", "subject", "pk"))
        with translation.override("en"):
            about = extension_points.describe_subjects((row.subject_type, row.subject) for row in stored)
        objects = [self.json_object(row, told, about[row.subject_type].get(row.subject)) for row in stored]
        if options["format"] == "json":
            self.stdout.write(json.dumps({"on": on.isoformat(), "deadlines": objects}, ensure_ascii=False))
            return
        for row in objects:
            subject = row.get("course") or row.get("project")
            self.stdout.write(f"{row['due_on']} {row['kind']} {subject} {', '.join(row['recipients'])}")

    def json_object(
        self, deadline: Any, told: Mapping[int | None, list[str]], description: Description | None
    ) -> dict[str, Any]:
        """Return the JSON object of a deadline, as it is due on the day."""
        later = deadline.due - deadline.due_on
        return {
            "kind": deadline.kind,
            deadline.subject_type: deadline.subject,
            "due_on": deadline.due.isoformat(),
            "shown_from": (deadline.shown_from + later).isoformat(),
            "function": deadline.functions[0],
            "recipients": sorted(told.get(deadline.pk, ())),
            **(description.keys if description else {}),
        }
