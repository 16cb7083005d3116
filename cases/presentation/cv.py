"""The CV in words: its parts for the page and the print, and when it was last seen through (D10, D18)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from cases.models import Course, Cv, CvEntry, CvPart, CvReview
from cases.rules.cv import RoughMonth


@dataclass(frozen=True)
class CvLine:
    """An entry with its days in words, and whether it can move."""

    entry: CvEntry
    period: str
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class CvPartLines:
    """A part of the CV with its entries."""

    part: CvPart
    lines: list[CvLine]


def cv_changed_on(course: Course) -> datetime.date | None:
    """Return the day on which the CV was last changed; None: it has not been begun. One query."""
    return Cv.objects.filter(course=course).values_list("changed_on", flat=True).first()


def cv_last_seen_on(course: Course) -> datetime.date | None:
    """Return the last day on which the CV was seen through with the citizen; None: never. One query."""
    return CvReview.objects.filter(course=course).values_list("seen_on", flat=True).first()


def cv_parts(entries: Iterable[CvEntry]) -> list[CvPartLines]:
    """Return all parts in their order, each with its entries."""
    by_part: dict[str, list[CvEntry]] = {part: [] for part in CvPart.values}
    for entry in sorted(entries, key=lambda entry: entry.position):
        by_part[entry.part].append(entry)
    return [CvPartLines(part, _lines(by_part[part])) for part in CvPart]


def _lines(entries: list[CvEntry]) -> list[CvLine]:
    last = len(entries) - 1
    return [
        CvLine(entry, period_in_words(entry), is_first=place == 0, is_last=place == last)
        for place, entry in enumerate(entries)
    ]


def period_in_words(entry: CvEntry) -> str:
    """Return the days of an entry as roughly as they are known ("March 2012 – 2014"); empty without any."""
    begins = month_in_words(entry.begins)
    if entry.part in (CvPart.TRAINING, CvPart.LICENCE):
        return begins
    ends = _("today") if entry.is_current else month_in_words(entry.ends)
    if begins and ends:
        return begins if begins == ends else f"{begins} – {ends}"
    if begins:
        return _("from %(month)s") % {"month": begins}
    if entry.is_current:
        return _("goes on")
    return _("until %(month)s") % {"month": ends} if ends else ""


def month_in_words(month: RoughMonth | None) -> str:
    """Return "March 2012", or "2012" when the month is not known."""
    if month is None:
        return ""
    return str(month.year) if month.month is None else f"{MONTHS[month.month]} {month.year}"


def printed_cv(course: Course, entries: Iterable[CvEntry]) -> dict[str, Any]:
    """Return the context of the printed CV: the name, the entries, and of the contact information only what
    is ticked. Nothing else of the course is handed to the template."""
    cv = getattr(course, "cv", None)
    contact = getattr(course, "citizen_contact", None)
    return {
        "name": course.citizen_name,
        "phone": contact.phone if contact and cv and cv.shows_phone else "",
        "email": contact.email if contact and cv and cv.shows_email else "",
        "parts": [part for part in cv_parts(entries) if part.lines],
    }
