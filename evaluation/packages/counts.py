"""What a package would hold, in numbers, before it is made."""

import datetime
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cases.models import Course, FollowUpMeeting, MentorContact
from cases.models.meetings import MEETING_DAY, MeetingState
from companies.models import Placement
from evaluation.models import Deviation, PaidHours
from progression.models import AnswerSheet
from randomization.models import Allocation, AllocationEvent, Arm


class PackageCount(NamedTuple):
    """A number with what it counts."""

    label: str | Promise
    number: int


def count_contents(as_of: datetime.date) -> list[PackageCount]:
    """Return what a package as of the day is made of; one query."""
    meetings = FollowUpMeeting.objects.alias(day=MEETING_DAY).filter(day__lte=as_of)
    rows: dict[str, QuerySet[Any]] = {
        _("Participants"): Allocation.objects.filter(arm=Arm.PARTICIPANT),
        _("Controls"): Allocation.objects.filter(arm=Arm.CONTROL),
        _("Months with paid hours"): PaidHours.objects.filter(month__lte=as_of),
        _("Courses"): Course.objects.filter(started_on__lte=as_of),
        _("Contacts and failed attempts"): MentorContact.objects.filter(held_on__lte=as_of),
        _("Meetings held, missed or cancelled"): meetings.exclude(state=MeetingState.BOOKED),
        _("Placements"): Placement.objects.filter(starts_on__lte=as_of),
        _("Finished sets of answers"): AnswerSheet.objects.finished().filter(answered_on__lte=as_of),
        _("Deviations from the protocol"): Deviation.objects.filter(happened_on__lte=as_of),
        _("Events after the draw"): AllocationEvent.objects.standing().filter(happened_on__lte=as_of),
    }
    first, *others = (_counted(place, of_kind) for place, of_kind in enumerate(rows.values()))
    numbers = dict(first.union(*others, all=True))
    return [PackageCount(label, numbers[place]) for place, label in enumerate(rows)]


def _counted(place: int, rows: QuerySet[Any]) -> QuerySet[Any, tuple[int, int]]:
    """Return the number of the rows as a row of its own, with its place among the numbers."""
    counted: QuerySet[Any, Any] = rows.order_by().values(kind_counted=Value(place))
    numbers: QuerySet[Any, tuple[int, int]]
    numbers = counted.annotate(number=Count("pk")).values_list("kind_counted", "number")
    return numbers
