"""What the participants were given: course, contacts, meetings, placements, core elements (D7, D12–D20)."""

import datetime
from collections import Counter
from collections.abc import Iterator

from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from cases.models import CourseElement, ElementStateChoices, FollowUpMeeting, MentorContact
from cases.models.course import EndReason
from cases.models.meetings import MEETING_DAY, MeetingState
from cases.rules.phases import Phase, phase_on
from companies.models import Placement
from companies.models.placement import PlacementKind
from evaluation.packages.batch import PackageBatch
from evaluation.packages.columns import PackageColumn, PackageRow, PackageTable
from evaluation.packages.tables.trial import CITIZEN, codes

WEEK_DAYS = 7


def _courses(batch: PackageBatch) -> Iterator[PackageRow]:
    for citizen, course in batch.courses.items():
        has_ended = course.ended_on is not None and course.ended_on <= batch.as_of
        yield (
            batch.citizen(citizen),
            batch.day(citizen, course.started_on),
            batch.day(citizen, course.internship_from),
            batch.day(citizen, course.continued_from),
            batch.day(citizen, course.ended_on),
            course.end_reason if has_ended else None,
            phase_on(course.transitions, batch.as_of),
        )


def _contacts(batch: PackageBatch) -> Iterator[PackageRow]:
    """Yield the counts of each citizen and month in which there was any contact or meeting."""
    citizen_of = batch.citizen_of()
    counts: Counter[tuple[int, datetime.date, str]] = Counter()
    contacts = MentorContact.objects.filter(course__in=citizen_of, held_on__lte=batch.as_of).order_by()
    for course, month, present in contacts.values_list("course", TruncMonth("held_on"), "citizen_present"):
        counts[course, month, "contact" if present else "attempt"] += 1
    meetings = FollowUpMeeting.objects.filter(course__in=citizen_of).alias(day=MEETING_DAY).order_by()
    meetings = meetings.filter(day__lte=batch.as_of).exclude(state=MeetingState.BOOKED)
    for course, month, state, was_absent in meetings.values_list(
        "course", TruncMonth("day"), "state", "citizen_was_absent"
    ):
        counts[course, month, MeetingState.MISSED if was_absent else state] += 1
    kinds = ("contact", "attempt", MeetingState.HELD, MeetingState.MISSED, MeetingState.CANCELLED)
    places = {course: number for number, course in enumerate(citizen_of)}
    for course, month in sorted({key[:2] for key in counts}, key=lambda pair: (places[pair[0]], pair[1])):
        numbers = (counts[course, month, kind] for kind in kinds)
        yield batch.citizen(citizen_of[course]), f"{month:%Y-%m}", *numbers


def _placements(batch: PackageBatch) -> Iterator[PackageRow]:
    citizen_of = batch.citizen_of()
    numbers: Counter[int] = Counter()
    rows = Placement.objects.filter(course__in=citizen_of, starts_on__lte=batch.as_of).with_hours()
    for row in rows.order_by("course", "starts_on", "pk"):
        citizen = citizen_of[row.course_id]
        numbers[citizen] += 1
        last = row.ended_on or row.planned_end_on
        until = min(last, batch.as_of) if last else batch.as_of
        latest = [change for change in row.hours_rows if change["from_on"] <= batch.as_of.isoformat()]
        hours = max(latest, key=lambda change: change["from_on"], default=None)
        yield (
            batch.citizen(citizen),
            numbers[citizen],
            batch.pseudonyms.company(row.company_id),
            row.kind,
            batch.day(citizen, row.starts_on),
            batch.day(citizen, row.ended_on),
            round(((until - row.starts_on).days + 1) / WEEK_DAYS, 1),
            float(row.internship_hours),
            float(row.ordinary_hours),
            float(hours["internship_hours"] if hours else row.internship_hours),
            float(hours["ordinary_hours"] if hours else row.ordinary_hours),
        )


def _elements(batch: PackageBatch) -> Iterator[PackageRow]:
    citizen_of = batch.citizen_of()
    rows = CourseElement.objects.on(batch.as_of).filter(course__in=citizen_of)
    for course, element, state, since in rows.order_by("course", "element").values_list(
        "course", "element", "state", "since"
    ):
        citizen = citizen_of[course]
        yield batch.citizen(citizen), element, state, batch.day(citizen, since)


def _day(name: str, meaning: object, field: str) -> PackageColumn:
    return PackageColumn(name, "integer", meaning, "days since the draw; empty: not yet", field)  # type: ignore[arg-type]  # a lazy text


COURSES = PackageTable(
    "courses",
    _("A row for each participant's course: the days of its phases."),
    (
        CITIZEN,
        _day("started_day", _("The course began"), "Course.started_on"),
        _day("internship_day", _("The first internship began"), "Course.internship_from"),
        _day("continued_day", _("The continued effort began"), "Course.continued_from"),
        _day("ended_day", _("The course ended"), "Course.ended_on"),
        PackageColumn(
            "end_reason", "text", _("Why the course ended"), codes(EndReason.values), "Course.end_reason"
        ),
        PackageColumn("phase", "text", _("The phase on the day of the package"), codes(list(Phase))),
    ),
    _courses,
)
CONTACTS = PackageTable(
    "contacts",
    _("A row for each participant and month with any contact or meeting; none: nothing was registered."),
    (
        CITIZEN,
        PackageColumn("month", "text", _("The month"), "YYYY-MM", "MentorContact.held_on"),
        PackageColumn("contacts", "integer", _("Contacts between mentor and citizen")),
        PackageColumn("attempts", "integer", _("Failed attempts to reach the citizen")),
        PackageColumn("meetings_held", "integer", _("Follow-up meetings held")),
        PackageColumn("meetings_missed", "integer", _("Follow-up meetings that the citizen missed")),
        PackageColumn("meetings_cancelled", "integer", _("Follow-up meetings cancelled")),
    ),
    _contacts,
)
PLACEMENTS = PackageTable(
    "placements",
    _("A row for each placement that has begun."),
    (
        CITIZEN,
        PackageColumn("placement", "integer", _("Number of the placement, by first day"), "1, 2, …"),
        PackageColumn("company", "text", _("Pseudonym of the company, of this package only"), "V-…"),
        PackageColumn("kind", "text", _("Kind of placement"), codes(PlacementKind.values), "Placement.kind"),
        _day("start_day", _("First day of the placement"), "Placement.starts_on"),
        _day("end_day", _("Last day of the placement"), "Placement.ended_on"),
        PackageColumn("weeks", "decimal", _("Weeks up to its end or the day of the package"), "weeks"),
        PackageColumn("internship_hours", "decimal", _("Internship hours a week at the start"), "hours"),
        PackageColumn("ordinary_hours", "decimal", _("Ordinary hours a week at the start"), "hours"),
        PackageColumn("latest_internship_hours", "decimal", _("Internship hours a week at last"), "hours"),
        PackageColumn("latest_ordinary_hours", "decimal", _("Ordinary hours a week at last"), "hours"),
    ),
    _placements,
)
ELEMENTS = PackageTable(
    "elements",
    _("A row for each course and core element: its state on the day of the package."),
    (
        CITIZEN,
        PackageColumn("element", "integer", _("The core element"), "1–9", "CourseElement.element"),
        PackageColumn(
            "state", "text", _("The state"), codes(ElementStateChoices.values), "CourseElement.state"
        ),
        _day("since_day", _("The day from which it has the state"), "CourseElement.since"),
    ),
    _elements,
)
