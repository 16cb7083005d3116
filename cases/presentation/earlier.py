"""What is over in a course, in one list: the page of its history."""

from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext as _

from cases import extension_points
from cases.extension_points import CourseOnDay, EarlierLine
from cases.presentation.support import standing, support_rows
from jobfirst.values.dates import LATEST, DateSpan


def lines(view: CourseOnDay) -> list[EarlierLine]:
    """Return what the sections of all pages say is over, the latest first."""
    earlier_lines = [
        line
        for section in extension_points.sections()
        if section.earlier is not None and section.may(view.user, view.course)
        for line in section.earlier(view)
    ]
    return sorted(earlier_lines, key=lambda line: (line.span.last or LATEST, line.span.first), reverse=True)


def job_goals(view: CourseOnDay) -> Iterator[EarlierLine]:
    """Yield the versions of the job goals that a later one has replaced."""
    goals = list(view.course.job_goals.all())  # the newest first
    for later, goal in pairwise(goals):
        words = "; ".join(text for text in (goal.functions, goal.workplaces) if text)
        label = _("Job goal, version %(number)s: %(words)s") % {"number": goal.number, "words": words}
        yield EarlierLine(label, DateSpan(goal.set_on, later.set_on), "goals")


def support(view: CourseOnDay) -> Iterator[EarlierLine]:
    """Yield the needs that are covered, and the efforts and accommodations that have ended."""
    rows, on = support_rows(view.course), view.on
    for need in standing(rows.needs):
        if need.covered_on is not None:
            label = _("Need: %(words)s") % {"words": need.description}
            yield EarlierLine(label, DateSpan(need.noted_on, need.covered_on), "support")
    for effort in standing(rows.efforts):
        if effort.ends_on is not None and effort.ends_on < on:
            label = f"{effort.get_kind_display()}: {effort.description}"
            yield EarlierLine(label, DateSpan(effort.starts_on, effort.ends_on), "support")
    for accommodation in standing(rows.accommodations):
        if accommodation.until_on is not None and accommodation.until_on < on:
            label = _("Accommodation: %(words)s") % {"words": accommodation.description}
            yield EarlierLine(label, DateSpan(accommodation.from_on, accommodation.until_on), "support")


def pauses(view: CourseOnDay) -> Iterator[EarlierLine]:
    """Yield the pauses that have ended."""
    for pause in view.pauses:
        if pause.ends_on is not None and pause.ends_on < view.on:
            label = _("Pause: %(kind)s") % {"kind": pause.get_kind_display().lower()}
            yield EarlierLine(label, pause.span, "pauses")
