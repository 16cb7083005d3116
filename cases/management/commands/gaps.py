"""`gaps`: the days that nothing fills, of every course that has begun (docs/formats.md)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Project
from audit.access import record_shown
from cases.gaps import CourseGap, find_gaps, with_filled_days
from cases.models import Course
from jobfirst import clock
from jobfirst.exchange.rows import iso_day

#: Courses in memory at a time.
BATCH = 1000


class Command(BaseCommand):
    """`gaps [--on DATE] [--project SLUG] [--format json|text]`."""

    help = "List the gaps of courses (D22): behind, and two weeks ahead."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DATE", help="the day, as 2016-03-01 (default: today)")
        parser.add_argument("--project", metavar="SLUG", help="one project only")
        parser.add_argument("--format", choices=["json", "text"], default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        on = clock.today() if options["on"] is None else iso_day(options["on"])
        if on is None:
            raise CommandError(f"--on: '{options['on']}' is not a date such as 2016-03-01")
        courses = Course.objects.filter(started_on__lte=on)
        if options["project"]:
            if not Project.objects.filter(slug=options["project"]).exists():
                raise CommandError(f"--project: there is no project '{options['project']}'")
            courses = courses.filter(project__slug=options["project"])
        fetched = with_filled_days(courses.order_by("started_on", "pk")).iterator(chunk_size=BATCH)
        found = sorted(find_gaps(fetched, on), key=lambda gap: (gap.first, str(gap.course)))
        record_shown(None, "gaps.command", {gap.course.citizen.public_id for gap in found})
        rows = [self.row(gap) for gap in found]
        if options["format"] == "json":
            self.stdout.write(json.dumps({"on": on.isoformat(), "gaps": rows}))
            return
        for row in rows:
            self.stdout.write(
                f"{row['first']} – {row['last']} {row['working_days']} {row['course']} {row['citizen']}"
            )

    def row(self, gap: CourseGap) -> dict[str, Any]:
        """Return the JSON object of a gap."""
        return {
            "course": str(gap.course.public_id),
            "citizen": gap.course.citizen.pseudonym,
            "first": gap.first.isoformat(),
            "last": gap.last.isoformat(),
            "working_days": gap.working_days,
            "behind": gap.is_behind,
            "ahead": gap.is_ahead,
        }
