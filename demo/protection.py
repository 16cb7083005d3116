"""Rules of retention, a list to be erased, legal holds and people who are shut out, in the demo."""

import datetime
import random
from collections.abc import Sequence

from accounts.models import User
from accounts.roles import Role
from cases.actions.shut_outs import shut_out
from cases.models import Course, FunctionHolding, Referral
from cases.models.citizen import ReferralState
from demo.people import Team, random_uuid
from jobfirst.dates import DAY
from rights.erasure.holds import place_hold
from rights.erasure.runs import proposable, propose
from rights.models import ErasureRun, HoldKind, LegalHold, RetentionKind, RetentionRule


def add_protection(teams: Sequence[Team], administrator: User, on: datetime.date) -> None:
    """Shorten one period, propose the list of a project, hold a citizen's data, and shut somebody out."""
    RetentionRule.objects.create(
        kind=RetentionKind.REFUSED,
        valid_from=on - 30 * DAY,
        months=3,
        reason="Øvelse: Afslag opbevares kort, så der er nogen at slette.",
        entered_by=administrator,
    )
    rng = random.Random("protection")  # noqa: S311 - a demo
    for team in teams:
        leader = team.staff[Role.PROJECT_LEADER][0]
        _hold_a_refusal(team, leader, rng)
        _shut_somebody_out(team, leader, on)
    projects = {team.project.pk for team in teams}
    due = [pk for pk in proposable(administrator, on) if pk in projects]
    for pk in sorted(pk for pk in due if pk is not None)[:1]:
        run = propose(administrator, pk, on)
        ErasureRun.objects.filter(pk=run.pk).update(public_id=random_uuid(rng))


def _hold_a_refusal(team: Team, leader: User, rng: random.Random) -> None:
    refused = Referral.objects.filter(project=team.project, state=ReferralState.REFUSED)
    referral = refused.order_by("public_id").first()
    if referral is not None:
        hold = LegalHold(
            public_id=random_uuid(rng), kind=HoldKind.COMPLAINT, reason="Har klaget over afslaget."
        )
        place_hold(referral.citizen, hold, by=leader)


def _shut_somebody_out(team: Team, leader: User, on: datetime.date) -> None:
    """Shut a mentor out from the project's first citizen with whom the mentor has nothing to do."""
    course = Course.objects.filter(project=team.project).order_by("referral__public_id").first()
    mentors = team.staff.get(Role.MENTOR, ())
    if course is None:
        return
    involved = set(FunctionHolding.objects.filter(course=course).values_list("user", flat=True))
    for mentor in mentors:
        if mentor.pk not in involved:
            shut_out(course.citizen, mentor, "Er i familie med borgeren.", by=leader)
            return
