"""`fidelity`: how many courses meet each of the nine core elements, by project (docs/formats.md)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Project
from evaluation.fidelity.counts import ProjectFidelity, count_fidelity
from jobfirst import clock
from jobfirst.exchange.rows import iso_day


class Command(BaseCommand):
    """`fidelity [--on DATE] [--project SLUG] [--format json|text]`."""

    help = "Count the courses that meet each of the nine core elements (D7), by project."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DATE", help="the day, as 2016-03-01 (default: today)")
        parser.add_argument("--project", metavar="SLUG", help="one project only")
        parser.add_argument("--format", choices=["json", "text"], default="json")

    def handle(self, *args: Any, **options: Any) -> None:
        on = clock.today() if options["on"] is None else iso_day(options["on"])
        if on is None:
            raise CommandError(f"--on: '{options['on']}' is not a date such as 2016-03-01")
        projects = Project.objects.order_by("slug")
        if options["project"]:
            projects = projects.filter(slug=options["project"])
            if not projects:
                raise CommandError(f"--project: there is no project '{options['project']}'")
        rows = [self.json_object(row) for row in count_fidelity(list(projects), on)]
        if options["format"] == "json":
            self.stdout.write(json.dumps({"on": on.isoformat(), "projects": rows}))
            return
        for row in rows:
            self.stdout.write(f"{row['project']}: {row['courses']} courses, {row['all_nine']} with all nine")
            for element in row["elements"]:
                self.stdout.write(
                    "  {element}: {met} met, {not_yet} not yet, {missed} missed".format(**element)
                )

    def json_object(self, row: ProjectFidelity) -> dict[str, Any]:
        """Return the JSON object of a project."""
        return {
            "project": row.project.slug,
            "courses": row.courses,
            "elements": [
                {
                    "element": count.element,
                    "met": count.met,
                    "not_yet": count.not_yet,
                    "missed": count.missed,
                }
                for count in row.elements
            ],
            "all_nine": row.all_nine,
        }
