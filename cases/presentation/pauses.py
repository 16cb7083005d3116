"""The pauses of courses on their pages (D50).

They come with the courses' own query, as JSON: the pages have a limit of queries.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from cases.actions.pauses import suspendable_kinds
from cases.models import Course, CoursePause
from cases.presentation.timeline import TimelineBar
from jobfirst.encryption.encrypted_text import read_text
from jobfirst.kit.days import LONG_DATE, written_day
from jobfirst.values.dates import DAY, DateSpan

_FIELDS = ("public_id", "kind", "starts_on", "ends_on", "reason", "suspended")


def with_pauses(courses: QuerySet[Course]) -> QuerySet[Course]:
    """Return the courses with their pauses, for `fetched_pauses`."""
    pauses = CoursePause.objects.filter(course=OuterRef("pk"))
    rows = pauses.values(row=JSONObject(**{name: name for name in _FIELDS}))
    return courses.annotate(pause_rows=ArraySubquery(rows))


def fetched_pauses(course: Course) -> list[CoursePause]:
    """Return the pauses of a course fetched by `with_pauses`, the newest first; not to be saved."""
    fields = {field.name: field for field in CoursePause._meta.fields}
    pauses = []
    for row in course.pause_rows:  # type: ignore[attr-defined]  # annotated
        values = {name: fields[name].to_python(value) for name, value in row.items()}
        values["reason"] = read_text(values["reason"], "reason")  # in JSON as it is stored
        pauses.append(CoursePause(course=course, **values))
    return pauses


@dataclass(frozen=True)
class PauseLine:
    """A pause as the page lists it, with the names of the reminders that it suspends."""

    pause: CoursePause
    runs: bool
    suspended: str


def pause_lines(pauses: Iterable[CoursePause], on: datetime.date) -> list[PauseLine]:
    """Return the pauses as lines."""
    labels = {kind.code: str(kind.label) for kind in suspendable_kinds()}
    return [
        PauseLine(pause, on in pause.span, "; ".join(labels.get(code, code) for code in pause.suspended))
        for pause in pauses
    ]


def running_pause(pauses: Iterable[CoursePause], on: datetime.date) -> CoursePause | None:
    """Return the pause that runs on the day; there is one at most."""
    return next((pause for pause in pauses if on in pause.span), None)


def pause_words(pause: CoursePause, *, with_kind: bool = True) -> str:
    """Return until when a pause runs, and why."""
    if pause.ends_on is None:
        words = _("Paused until further notice")
    else:
        words = _("Paused until %(day)s") % {"day": written_day(pause.ends_on, LONG_DATE)}
    return f"{words}: {pause.get_kind_display().lower()}" if with_kind else words


def pause_bars(course: Course, pauses: Sequence[CoursePause]) -> list[TimelineBar]:
    """Return the bars of the pauses on the timeline, not beyond the end of the course."""
    bars = []
    for pause in pauses:
        span = pause.span if course.ended_on is None else pause.span.until(course.ended_on - DAY)
        if not span.is_empty:
            label = _("Pause: %(kind)s") % {"kind": pause.get_kind_display().lower()}
            bars.append(TimelineBar("pause", label, DateSpan(span.first, span.last)))
    return bars
