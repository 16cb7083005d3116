"""The planned activities of a course end with it (D41)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from cases.actions.checks import changed
from cases.extension_points import CourseEnding, RunningThing
from cases.models import Course
from cases.rules.course_end import EndMode
from jobfirst import clock
from plans.models import ActivityLine

KEY = "planned"


def _planned(course: Course) -> list[ActivityLine]:
    lines = course.activities.filter(done__isnull=True, cancelled=False)
    return list(lines.order_by("starts_on", "pk"))


def _planned_activities(course: Course) -> list[RunningThing]:
    """Return the planned activities that are not over, as one thing."""
    lines = [line for line in _planned(course) if line.ends_on >= clock.today()]
    if not lines:
        return []
    text = ngettext("%(count)d planned activity", "%(count)d planned activities", len(lines))
    return [
        RunningThing(
            key=KEY,
            label=text % {"count": len(lines)},
            first=lines[0].starts_on,
            last=max(line.ends_on for line in lines),
            default=EndMode.WITH_COURSE,
        )
    ]


def _end_activities(course: Course, key: str, last: datetime.date, by: User | None) -> dict[str, Any] | None:
    """Cancel the planned activities after the last day, and shorten what goes beyond it."""
    ended = []
    for line in _planned(course):
        before = line.ends_on.isoformat()
        if line.starts_on > last:
            changed(line, {"cancelled": True})
        elif line.ends_on > last:
            changed(line, {"ends_on": last})
        else:
            continue
        ended.append({"id": str(line.public_id), "version": line.version, "ends_on": before})
    return {"lines": ended} if ended else None


def _plan_again(course: Course, effect: Mapping[str, Any]) -> bool:
    """Plan the activities again that nobody has changed since; whether these were all."""
    versions = {row["id"]: row for row in effect["lines"]}
    lines = course.activities.filter(public_id__in=versions)
    unchanged = [line for line in lines if line.version == versions[str(line.public_id)]["version"]]
    for line in unchanged:
        ends_on = datetime.date.fromisoformat(versions[str(line.public_id)]["ends_on"])
        changed(line, {"cancelled": False, "ends_on": ends_on})
    return len(unchanged) == len(versions)


ENDING = CourseEnding(
    "activity",
    gettext_lazy("Planned activities"),
    _planned_activities,
    _end_activities,
    _plan_again,
    order=30,
)
