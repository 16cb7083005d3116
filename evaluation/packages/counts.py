"""What a package would hold, in numbers, before it is made."""

import datetime
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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
    """Return what a package as of the day is made of; nine queries."""
    arms = Allocation.objects.aggregate(
        participants=Count("pk", filter=Q(arm=Arm.PARTICIPANT)),
        controls=Count("pk", filter=Q(arm=Arm.CONTROL)),
    )
    meetings = FollowUpMeeting.objects.alias(day=MEETING_DAY).filter(day__lte=as_of)
    numbers = {
        _("Participants"): arms["participants"],
        _("Controls"): arms["controls"],
        _("Months with paid hours"): PaidHours.objects.filter(month__lte=as_of).count(),
        _("Courses"): Course.objects.filter(started_on__lte=as_of).count(),
        _("Contacts and failed attempts"): MentorContact.objects.filter(held_on__lte=as_of).count(),
        _("Meetings held, missed or cancelled"): meetings.exclude(state=MeetingState.BOOKED).count(),
        _("Placements"): Placement.objects.filter(starts_on__lte=as_of).count(),
        _("Finished sets of answers"): AnswerSheet.objects.finished().filter(answered_on__lte=as_of).count(),
        _("Deviations from the protocol"): Deviation.objects.filter(happened_on__lte=as_of).count(),
        _("Events after the draw"): AllocationEvent.objects.standing().filter(happened_on__lte=as_of).count(),
    }
    return [PackageCount(label, number) for label, number in numbers.items()]
