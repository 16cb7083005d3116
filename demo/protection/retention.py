"""Rules of retention, a list to be erased, legal holds and people who are shut out, in the demo."""

import datetime
import random
from collections.abc import Sequence

from accounts.models import User
from accounts.roles import Role
from cases.actions.shut_outs import shut_out
from cases.models import Course, FunctionHolding, Referral
from cases.models.citizen import ReferralState
from demo.invented import random_uuid
from demo.people.teams import Team
from jobfirst import clock
from jobfirst.values.dates import DAY
from rights.erasure.blocking import Blocker
from rights.erasure.holds import lift_hold, place_hold
from rights.erasure.runs import decide, proposable, propose
from rights.models import (
    ErasureItem,
    ErasureRun,
    HoldKind,
    ItemState,
    LegalHold,
    RetentionKind,
    RetentionRule,
    RunState,
)
from rights.models.runs import content_hash

#: Why data is held back, until how many days from now (None: until it is lifted).
HOLDS = (
    (HoldKind.COMPLAINT, "Har klaget over afslaget. Klagen er ikke afgjort.", None),
    (HoldKind.COURT, "Retten har bedt kommunen om sagens akter.", None),
    (HoldKind.AUDIT, "STAR ser på projektets optag ved årets revision.", 120),
    (HoldKind.REQUEST, "Har bedt om, at oplysningerne bliver gemt til en ny ansøgning.", 60),
)


def add_protection(teams: Sequence[Team], administrators: tuple[User, User], on: datetime.date) -> None:
    """Shorten one period, make lists in every state, hold citizens' data, and shut somebody out."""
    RetentionRule.objects.create(
        kind=RetentionKind.REFUSED,
        valid_from=on - 30 * DAY,
        months=3,
        reason="Øvelse: Afslag opbevares kort, så der er nogen at slette.",
        entered_by=administrators[0],
    )
    rng = random.Random("protection")  # noqa: S311 - a demo
    for number, team in enumerate(teams):
        leader = team.staff[Role.PROJECT_LEADER][0]
        _hold_a_refusal(team, leader, number, rng, on)
        _shut_somebody_out(team, leader, on)
    _add_lists(teams, administrators, rng, on)


def _hold_a_refusal(team: Team, leader: User, number: int, rng: random.Random, on: datetime.date) -> None:
    """Hold the data of the project's first citizen who was refused; in every fifth project it is lifted."""
    refused = Referral.objects.filter(project=team.project, state=ReferralState.REFUSED)
    referral = refused.order_by("public_id").first()
    if referral is None:
        return
    kind, reason, days = HOLDS[number % len(HOLDS)]
    until_on = None if days is None else on + days * DAY
    hold = LegalHold(public_id=random_uuid(rng), kind=kind, reason=reason, until_on=until_on)
    place_hold(referral, hold, by=leader)
    if number % 5 == 4:
        lift_hold(hold, "Sagen er afsluttet, og fristen for at klage er udløbet.", by=leader)


def _add_lists(
    teams: Sequence[Team], administrators: tuple[User, User], rng: random.Random, on: datetime.date
) -> None:
    """Make a list that waits, one that is approved, one that is withdrawn, and one that was carried out."""
    first, second = administrators
    projects = {team.project.pk for team in teams}
    due = sorted(pk for pk in proposable(first, on) if pk is not None and pk in projects)
    held = LegalHold.objects.filter(lifted_at=None).order_by("pk").first()
    if due and held is not None:
        _add_list_carried_out(held, administrators, rng, on)
    states = (RunState.PROPOSED, RunState.APPROVED, RunState.WITHDRAWN)
    for pk, state in zip(due, states, strict=False):
        run = propose(first, pk, on)
        ErasureRun.objects.filter(pk=run.pk).update(public_id=random_uuid(rng))
        if state != RunState.PROPOSED:
            decide(run, second, state, run.content_hash)


def _add_list_carried_out(
    held: LegalHold, administrators: tuple[User, User], rng: random.Random, on: datetime.date
) -> None:
    """Make a list by which two citizens were erased, of whom nothing is left, and one was not."""
    first, second = administrators
    project_id = held.citizen.referrals.order_by("pk").values_list("project", flat=True)[0]
    proposed_at = clock.now() - 25 * DAY
    values = {"kind": RetentionKind.REFUSED, "begins_on": on - 150 * DAY, "due_on": on - 58 * DAY}
    items = [
        ErasureItem(state=ItemState.ERASED, subject=None, **values),
        ErasureItem(state=ItemState.ERASED, subject=None, **values),
        ErasureItem(state=ItemState.LEFT, note=Blocker.LEGAL_HOLD, subject=held.citizen.public_id, **values),
    ]
    run = ErasureRun.objects.create(
        public_id=random_uuid(rng),
        project_id=project_id,
        on=on - 25 * DAY,
        state=RunState.DONE,
        content_hash=content_hash(items),
        proposed_by=second,
        proposed_at=proposed_at,
        decided_by=first,
        decided_at=proposed_at + DAY,
        done_at=proposed_at + 2 * DAY,
    )
    for item in items:
        item.run = run
    ErasureItem.objects.bulk_create(items)


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
