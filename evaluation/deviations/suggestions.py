"""Deviations that the records suggest (D59). Nothing is recorded of them until somebody does."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q

from accounts.models import Project, TrialTerms
from cases.models import FollowUpMeeting, MentorContact
from cases.models.meetings import MEETING_DAY
from companies.models import Placement
from evaluation.deviations.models import Deviation, DeviationKind
from jobfirst.values.dates import DAY
from randomization.models import Allocation, Arm


@dataclass(frozen=True)
class SuggestedDeviation:
    """A drawn citizen whose records suggest a deviation of the kind."""

    allocation: Allocation
    kind: DeviationKind

    @property
    def sequence(self) -> int:
        """The number in the ledger."""
        return self.allocation.sequence


def find_suggested(
    on: datetime.date, terms: TrialTerms, project: Project | None = None
) -> list[SuggestedDeviation]:
    """Return the suggested deviations on the day, of a project or of the trial, by ledger; one query.

    `terms` are those in force on the day.
    """
    drawn = Allocation.objects.filter(allocated_on__lte=on).select_related(
        "citizen", "referral", "project", "stratum__municipality"
    )
    if project:
        drawn = drawn.filter(project=project)
    conditions = _conditions(on, terms)
    names = {kind: f"suggests_{kind.value}" for kind in conditions}
    for kind, condition in conditions.items():
        drawn = drawn.annotate(**{names[kind]: ExpressionWrapper(condition, output_field=BooleanField())})
    suggested = drawn.filter(reduce(or_, (Q(**{name: True}) for name in names.values())))
    return [
        SuggestedDeviation(allocation, kind)
        for allocation in suggested.order_by("sequence")
        for kind, name in sorted(names.items())
        if getattr(allocation, name)
    ]


def _conditions(on: datetime.date, terms: TrialTerms) -> Mapping[DeviationKind, Q]:
    """Return by kind when the records suggest it and no such deviation is recorded."""
    last_draw = on - terms.never_started_days * DAY
    has_activity = _has_activity(on)
    is_of_stratum = Q(
        referral__municipality=F("stratum__municipality"), referral__target_group=F("stratum__target_group")
    )
    suggested = {
        DeviationKind.NEVER_STARTED: Q(arm=Arm.PARTICIPANT, allocated_on__lte=last_draw) & ~has_activity,
        DeviationKind.CONTROL_GIVEN_COURSE: Q(arm=Arm.CONTROL) & has_activity,
        DeviationKind.WRONG_STRATUM: ~is_of_stratum,
    }
    return {
        kind: condition & ~Q(Exists(Deviation.objects.filter(allocation=OuterRef("pk"), kind=kind)))
        for kind, condition in suggested.items()
    }


def _has_activity(on: datetime.date) -> Q:
    """The condition that the citizen's course has a contact, a held meeting or a placement by the day."""
    citizen = {"course__citizen": OuterRef("citizen")}
    meetings = FollowUpMeeting.objects.counting().annotate(day=MEETING_DAY)
    return (
        Q(Exists(MentorContact.objects.counting().filter(held_on__lte=on, **citizen)))
        | Q(Exists(meetings.filter(day__lte=on, **citizen)))
        | Q(Exists(Placement.objects.filter(starts_on__lte=on, **citizen)))
    )
