"""The CV: add, change, move and remove entries, what its print shows, and that it was seen through (D10).

Removed entries stay in the database history (`audit.history`).
"""

import datetime
import uuid
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, check_day, check_running, locked, refuse, sent_before
from cases.actions.deadlines import updates_elements
from cases.models import Course, Cv, CvEntry, CvPart, CvReview
from cases.rules.cv import rough_month
from jobfirst.kit.versioned import StaleError, ensure_fresh


@dataclass(frozen=True)
class CvEntryData:
    """What an entry says; what its part does not ask for stays empty."""

    title: str
    place: str = ""
    from_year: int | None = None
    from_month: int | None = None
    until_year: int | None = None
    until_month: int | None = None
    is_current: bool = False
    level: str = ""
    description: str = ""


@updates_elements(2)
@transaction.atomic
def add_cv_entry(
    course: Course,
    part: CvPart,
    data: CvEntryData,
    *,
    today: datetime.date,
    submission: uuid.UUID | None = None,
) -> CvEntry:
    """Add an entry at the end of its part. Idempotent by `submission`."""
    course = locked(course)
    earlier = sent_before(CvEntry, course, submission, part=part, **asdict(data))
    if earlier is not None:
        return earlier
    check_running(course)
    _check(data, today)
    last = course.cv_entries.filter(part=part).aggregate(last=Max("position"))["last"]
    entry = CvEntry.objects.create(
        course=course, part=part, position=(last or 0) + 1, submission=submission, **asdict(data)
    )
    _mark_changed(course, today)
    return entry


@updates_elements(2)
@transaction.atomic
def change_cv_entry(
    entry: CvEntry, data: CvEntryData, *, today: datetime.date, version: int | None = None
) -> CvEntry:
    """Change an entry; nothing happens when nothing differs. `StaleError` when saved since `version`."""
    course, entry = _locked_entry(entry, version)
    _check(data, today)
    content = asdict(data)
    if any(getattr(entry, name) != value for name, value in content.items()):
        changed(entry, content)
        _mark_changed(course, today)
    return entry


@updates_elements(2)
@transaction.atomic
def move_cv_entry(entry: CvEntry, *, up: bool, today: datetime.date, version: int | None = None) -> bool:
    """Move an entry one place up or down in its part; return False when it stands first or last already."""
    course, entry = _locked_entry(entry, version)
    others = course.cv_entries.filter(part=entry.part)
    if up:
        neighbour = others.filter(position__lt=entry.position).order_by("-position").first()
    else:
        neighbour = others.filter(position__gt=entry.position).order_by("position").first()
    if neighbour is None:
        return False
    place, neighbours_place = entry.position, neighbour.position
    changed(entry, {"position": neighbours_place})
    neighbour.position = place  # its version stays: a form of what it says is not stale
    neighbour.save(update_fields=["position"])
    _mark_changed(course, today)
    return True


@updates_elements(2)
@transaction.atomic
def remove_cv_entry(entry: CvEntry, *, today: datetime.date, version: int | None = None) -> None:
    """Remove an entry. `StaleError` when saved since `version`."""
    course, entry = _locked_entry(entry, version)
    entry.delete()
    _mark_changed(course, today)


@transaction.atomic
def choose_cv_contact(
    course: Course, *, shows_phone: bool, shows_email: bool, version: int | None = None
) -> Cv:
    """Save whether the printed CV shows the citizen's phone number and e-mail address.

    `version` is that of the form, 0 without a row: `StaleError` when somebody has saved meanwhile.
    """
    course = locked(course)
    check_running(course)
    cv = Cv.objects.filter(course=course).first()
    if version is not None and version != (cv.version if cv else 0):
        raise StaleError(cv, cv.version if cv else 0)
    if cv is None:
        return Cv.objects.create(course=course, shows_phone=shows_phone, shows_email=shows_email)
    if (cv.shows_phone, cv.shows_email) != (shows_phone, shows_email):
        changed(cv, {"shows_phone": shows_phone, "shows_email": shows_email})
    return cv


@transaction.atomic
def record_cv_review(
    course: Course, *, seen_on: datetime.date, by: User | None, not_after: datetime.date | None = None
) -> CvReview:
    """Record that the CV was seen through with the citizen. Idempotent: once for each day (D18)."""
    course = locked(course)
    check_running(course)
    check_day(course, "seen_on", seen_on, not_after)
    review, _is_new = CvReview.objects.get_or_create(course=course, seen_on=seen_on, defaults={"seen_by": by})
    return review


@transaction.atomic
def withdraw_cv_review(review: CvReview) -> None:
    """Take back that the CV was seen through: the day was wrong. It stays in the history."""
    check_running(locked(review.course))
    CvReview.objects.get(pk=review.pk).delete()


def _locked_entry(entry: CvEntry, version: int | None) -> tuple[Course, CvEntry]:
    """Lock the course; return it with the entry as stored now, if it may be changed."""
    course = locked(entry.course)
    entry = CvEntry.objects.get(pk=entry.pk)
    ensure_fresh(entry, version)
    check_running(course)
    return course, entry


def _check(data: CvEntryData, today: datetime.date) -> None:
    """Refuse an empty entry, and months that do not fit together or lie ahead."""
    if not data.title.strip():
        raise refuse("title", _("Write what it was."), "empty")
    begins = rough_month(data.from_year, data.from_month)
    ends = rough_month(data.until_year, data.until_month)
    for name, year, month in (
        ("from_year", data.from_year, data.from_month),
        ("until_year", data.until_year, data.until_month),
    ):
        if year is None and month is not None:
            raise refuse(name, _("Write the year, too."), "year")
        if year is not None and year > today.year:
            raise refuse(name, _("The year lies in the future."), "future")
    if data.is_current and ends is not None:
        raise refuse("until_year", _("What still goes on has no end yet."), "current")
    if begins is not None and ends is not None and ends.is_before(begins):
        raise refuse("until_year", _("The end must not be before the start."), "order")


def _mark_changed(course: Course, today: datetime.date) -> None:
    """Store the day of the change; the first one makes the row."""
    if not Cv.objects.filter(course=course).update(changed_on=today):
        Cv.objects.create(course=course, changed_on=today)
