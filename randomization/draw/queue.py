"""The referrals that wait for the draw, in the order in which they will be drawn (D4). Only queries."""

import datetime
from collections.abc import Collection, Iterable
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
    """Divide the referrals into those that are due on the day, in order, and those that come later."""
    referrals = sorted(undrawn, key=lambda referral: (referral.referred_on, referral.pk))
    due = [referral for referral in referrals if referral.referred_on <= on]
    return DrawQueue(due, len(referrals) - len(due))


def undrawn_referrals(project_ids: Iterable[int]) -> QuerySet[Referral]:
    """Return the projects' eligible referrals that are not drawn, in order of referral."""
    undrawn = Referral.objects.accepted().filter(project__in=project_ids, claim=None)
    return undrawn.order_by("referred_on", "pk")


def locked_undrawn(project: Project) -> QuerySet[Referral]:
    """Return the project's undrawn referrals, their rows locked as corrections lock them (D41).

    What was corrected while the lock was waited for is read as corrected.
    """
    return undrawn_referrals([project.pk]).order_by("pk").select_for_update(of=("self",), no_key=True)


def drawn_among(referral_ids: Collection[int]) -> set[int]:
    """Return which of the referrals (ids) are drawn, or claimed by a draw that is not finished."""
    return set(Claim.objects.filter(referral__in=referral_ids).values_list("referral_id", flat=True))


def waiting_projects() -> list[Project]:
    """Return the projects that have undrawn referrals, or claims that are not revealed."""
    return list(
        Project.objects.filter(
            Q(pk__in=Referral.objects.accepted().filter(claim=None).values("project"))
            | Q(pk__in=Claim.objects.filter(allocation=None).values("project"))
        )
    )
