"""The activity plan as a calendar file (RFC 5545) for the citizen: no CPR number and no surname (D34)."""

import datetime
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from cases.models import Course
from jobfirst.values import cpr
from jobfirst.values.dates import DAY
from plans.models import ActivityLine

if TYPE_CHECKING:
    from icalendar import Event

LENGTH = datetime.timedelta(hours=1)


def calendar_of(course: Course, on: datetime.date) -> bytes:
    """Return the planned lines that are not over on a day, one entry each."""
    from icalendar import Calendar

    host = urlsplit(settings.JOBFIRST_BASE_URL).hostname
    calendar = Calendar()
    calendar.add("prodid", "-//JobFirst//activities//DA")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "JobFirst")
    lines = ActivityLine.objects.filling_days().filter(course=course, ends_on__gte=on)
    for line in lines:
        calendar.add_component(_entry(line, course, host))
    return bytes(calendar.to_ical())


def _entry(line: ActivityLine, course: Course, host: str | None) -> "Event":
    """Return the entry: an hour when a time is agreed, else the whole days."""
    from icalendar import Event

    event = Event()
    event.add("uid", f"{line.public_id}@{host}")
    event.add("dtstamp", timezone.now())
    event.add("sequence", line.version)
    event.add("class", "PRIVATE")
    event.add("summary", without_person(line.what, course.citizen_name))
    if line.where:
        event.add("location", without_person(line.where, course.citizen_name))
    if line.companion:
        event.add("description", str(line.get_companion_display()))
    if line.starts_at is not None and line.starts_on == line.ends_on:
        begins = datetime.datetime.combine(line.starts_on, line.starts_at)
        begins = timezone.make_aware(begins).astimezone(datetime.UTC)
        event.add("dtstart", begins)
        event.add("dtend", begins + LENGTH)
    else:
        event.add("dtstart", line.starts_on)
        event.add("dtend", line.ends_on + DAY)  # the day after the last one
        event.add("transp", "TRANSPARENT")
    return event


def without_person(text: str, name: str) -> str:
    """Return the text without the surnames of the person named and without what can be a CPR number."""
    for surname in name.split()[1:]:
        text = re.sub(rf"\b{re.escape(surname)}\b", "", text, flags=re.IGNORECASE)
    if cpr.stands_in(text):
        text = re.sub(r"[0-9]", "", text)
    return " ".join(text.split())
