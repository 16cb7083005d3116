"""The referrals that wait for the draw, in the order in which they will be drawn (D4). Only queries."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q, QuerySet

from accounts.models import Project
from cases.models import Referral
from randomization.draw.enrolment import check_enrolment
from randomization.models import Claim


class DrawQueue(NamedTuple):
    """The referrals that are drawn on a day, in order, and how many are later than that day."""

    due: list[Referral]
    not_yet: int


def queue_of_project(project: Project, on: datetime.date) -> DrawQueue:
    """Return who would be drawn in the project on that day. DrawRefused when it does not draw on that day."""
    check_enrolment(project, on)
    return queue_on(undrawn_referrals([project.pk]).select_related("citizen"), on)


def queue_on(undrawn: Iterable[Referral], on: datetime.date) -> DrawQueue:
    """Divide the referrals into those that are due on the day and those that come later."""
    referrals = list(undrawn)
    due = [referral for referral in referrals if referral.referred_on <= on]
    return DrawQueue(due, len(referrals) - len(due))


def undrawn_referrals(project_ids: Iterable[int]) -> QuerySet[Referral]:
    """Return the projects' eligible referrals that are not drawn, in order of referral."""
    undrawn = Referral.objects.accepted().filter(project__in=project_ids, claim=None)
    return undrawn.order_by("referred_on", "pk")


def waiting_projects() -> list[Project]:
    """Return the projects that have undrawn referrals, or claims that are not revealed."""
    return list(
        Project.objects.filter(
            Q(pk__in=Referral.objects.accepted().filter(claim=None).values("project"))
            | Q(pk__in=Claim.objects.filter(allocation=None).values("project"))
        )
    )
