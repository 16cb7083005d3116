"""`gaps`: the days that nothing fills, of every course that has begun (docs/formats.md)."""

import json
from typing import Any

from accounts.management.day_commands import DayCommand
from audit.access import record_shown
from cases.gaps import CourseGap, find_gaps, with_filled_days
from cases.models import Course
from jobfirst.database.batches import BATCH
from jobfirst.row_security.context import all_projects


class Command(DayCommand):
    """`gaps [--on DATE] [--project SLUG] [--format json|text]`."""

    help = "List the gaps of courses (D22): behind, and two weeks ahead."

    @all_projects("the operator asks for one project or all")
    def handle(self, *args: Any, **options: Any) -> None:
        on, project = self.chosen_day(options), self.chosen_project(options)
        courses = Course.objects.filter(started_on__lte=on)
        if project is not None:
            courses = courses.filter(project=project)
        fetched = with_filled_days(courses.order_by("started_on", "pk")).iterator(chunk_size=BATCH)
        gaps = sorted(find_gaps(fetched, on), key=lambda gap: (gap.first, str(gap.course)))
        record_shown(None, "gaps.command", {gap.course.citizen.public_id for gap in gaps})
        rows = [self.row(gap) for gap in gaps]
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
