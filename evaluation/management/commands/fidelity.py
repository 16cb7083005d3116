"""`fidelity`: how many courses meet each of the nine core elements, by project (docs/formats.md)."""

import json
from typing import Any

from accounts.management.day_commands import DayCommand
from accounts.models import Project
from evaluation.fidelity.counts import ProjectFidelity, count_fidelity
from jobfirst.row_security.context import all_projects


class Command(DayCommand):
    """`fidelity [--on DATE] [--project SLUG] [--format json|text]`."""

    help = "Count the courses that meet each of the nine core elements (D7), by project."

    @all_projects("the operator asks for one project or all")
    def handle(self, *args: Any, **options: Any) -> None:
        on, project = self.chosen_day(options), self.chosen_project(options)
        projects = list(Project.objects.order_by("slug")) if project is None else [project]
        rows = [self.json_object(row) for row in count_fidelity(projects, on)]
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
