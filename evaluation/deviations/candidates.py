"""Deviations that the records suggest (D59). Nothing is recorded of them until somebody does."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Project, TrialTerms
from cases.models import FollowUpMeeting, MentorContact
from cases.models.meetings import MEETING_DAY
from companies.models import Placement
from evaluation.deviations.models import Deviation, DeviationKind
from jobfirst.dates import DAY
from randomization.models import Allocation


@dataclass(frozen=True)
class Candidate:
    """A drawn citizen whose records suggest a deviation of the kind."""

    allocation: Allocation
    kind: DeviationKind

    @property
    def sequence(self) -> int:
        """The number in the ledger."""
        return self.allocation.sequence


def find_candidates(on: datetime.date, project: Project | None = None) -> list[Candidate]:
    """Return the candidates on the day, of a project or of the trial, by ledger; four queries."""
    candidates = [
        Candidate(allocation, kind)
        for kind, rows in _suspected(on)
        for allocation in (rows.filter(project=project) if project else rows)
    ]
    return sorted(candidates, key=lambda candidate: (candidate.sequence, candidate.kind))


def _suspected(on: datetime.date) -> Iterator[tuple[DeviationKind, QuerySet[Allocation]]]:
    """Yield each kind with the allocations whose records suggest it and that have no such deviation."""
    drawn = Allocation.objects.filter(allocated_on__lte=on).select_related(
        "citizen", "referral", "project", "stratum__municipality"
    )
    terms = TrialTerms.objects.in_force_or_first(on)
    last_draw = on - terms.never_started_days * DAY
    rows = {
        DeviationKind.NEVER_STARTED: drawn.participants().filter(
            ~_has_activity(on), allocated_on__lte=last_draw
        ),
        DeviationKind.CONTROL_GIVEN_COURSE: drawn.controls().filter(_has_activity(on)),
        DeviationKind.WRONG_STRATUM: drawn.exclude(
            referral__municipality=F("stratum__municipality"),
            referral__target_group=F("stratum__target_group"),
        ),
    }
    for kind, suspected in rows.items():
        recorded = Deviation.objects.filter(allocation=OuterRef("pk"), kind=kind)
        yield kind, suspected.filter(~Exists(recorded))


def _has_activity(on: datetime.date) -> Q:
    """The condition that the citizen's course has a contact, a held meeting or a placement by the day."""
    citizen = {"course__citizen": OuterRef("citizen")}
    meetings = FollowUpMeeting.objects.counting().annotate(day=MEETING_DAY)
    return (
        Q(Exists(MentorContact.objects.counting().filter(held_on__lte=on, **citizen)))
        | Q(Exists(meetings.filter(day__lte=on, **citizen)))
        | Q(Exists(Placement.objects.filter(starts_on__lte=on, **citizen)))
    )
