"""Which citizens the rules of retention say are to go on a day, and what blocks it.

The period of each kind begins on a day that follows from the rows:

- refused: the last referral of a citizen who was never accepted;
- never drawn: the last referral of a citizen who was eligible or taken back, or the last day on which the
  project draws, whichever is later;
- control group: the end of the project;
- participant: the end of the course, or of the project, whichever is later. Of a course that nobody ended the
  last day of which something is known (`rights.erasure.unended`) stands for its end; of a
  participant without a course the last referral does.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import Project
from cases.models import Citizen, Course, Referral
from cases.models.citizen import ReferralState
from jobfirst.values.dates import months_after
from randomization.draw.enrolment import last_days_of_draw
from randomization.models import Allocation, Claim
from rights.erasure.blocking import Blocks
from rights.erasure.subjects import DueSubject
from rights.erasure.unended import last_known_days
from rights.models import RetentionKind, RetentionRule


@dataclass(slots=True)
class _Facts:
    """What the rows say of a citizen."""

    referrals: list[tuple[str, datetime.date, int | None]] = field(default_factory=list)
    is_control: bool = False
    is_drawn: bool = False
    course_pk: int | None = None
    #: The end of the course; of one that nobody ended the last day of which something is known.
    over_on: datetime.date | None = None
    project_id: int | None = None


def rules_on(day: datetime.date) -> dict[RetentionKind, RetentionRule]:
    """Return the rule in force on the day for each kind that has one."""
    rules: dict[RetentionKind, RetentionRule] = {}
    for rule in RetentionRule.objects.filter(valid_from__lte=day).order_by("kind", "valid_from"):
        rules[RetentionKind(rule.kind)] = rule
    return rules


def due_citizens(on: datetime.date, pks: Iterable[int] | None = None) -> list[DueSubject]:
    """Return the citizens to be erased by the day, blocked ones included, in order of their day.

    `pks`: of these alone. A fixed number of queries.
    """
    rules = rules_on(on)
    chosen = None if pks is None else list(pks)
    facts = _facts(chosen, on)
    citizens = Citizen.objects.filter(erased_on=None, pk__in=facts)
    ids = {
        pk: (public_id, name) for pk, public_id, name in citizens.values_list("pk", "public_id", "pseudonym")
    }
    projects = {project.pk: project for project in Project.objects.all()}
    days_of_draw = last_days_of_draw(projects.values())
    blocks = Blocks(on, projects, days_of_draw)
    due = []
    for pk, (public_id, pseudonym) in ids.items():
        kind = _kind(facts[pk])
        rule = rules.get(kind)
        begins_on = _beginning(facts[pk], kind, projects, days_of_draw)
        if rule is None or rule.months is None or begins_on is None:
            continue
        due_on = months_after(begins_on, rule.months)
        if due_on <= on:
            project_id = _project(facts[pk])
            blockers = blocks.of(pk, facts[pk].course_pk, project_id, is_drawn=facts[pk].is_drawn)
            due.append(DueSubject(pk, public_id, pseudonym, kind, project_id, begins_on, due_on, blockers))
    return sorted(due, key=lambda citizen: (citizen.due_on, citizen.pk))


def _facts(pks: list[int] | None, on: datetime.date) -> dict[int, _Facts]:
    facts: dict[int, _Facts] = defaultdict(_Facts)
    chosen = {} if pks is None else {"citizen__in": pks}
    referrals = Referral.objects.filter(citizen__erased_on=None, **chosen).order_by("referred_on", "pk")
    for pk, state, day, project in referrals.values_list("citizen", "state", "referred_on", "project"):
        facts[pk].referrals.append((state, day, project))
    for pk in Claim.objects.filter(citizen__erased_on=None, **chosen).values_list("citizen", flat=True):
        facts[pk].is_drawn = True
    drawn = Allocation.objects.filter(citizen__erased_on=None, **chosen)
    for pk, project in drawn.controls().values_list("citizen", "project"):
        facts[pk].is_control, facts[pk].project_id = True, project
    courses = Course.objects.filter(citizen__erased_on=None, **chosen)
    known_until = last_known_days(on, courses)
    for pk, course, ended_on, project in courses.values_list("citizen", "pk", "ended_on", "project"):
        facts[pk].course_pk, facts[pk].project_id = course, project
        facts[pk].over_on = ended_on or known_until.get(course)
    return facts


def _kind(facts: _Facts) -> RetentionKind:
    if facts.is_control:
        return RetentionKind.CONTROL
    if facts.is_drawn or facts.course_pk:
        return RetentionKind.PARTICIPANT
    if any(state != ReferralState.REFUSED for state, _day, _project in facts.referrals):
        return RetentionKind.UNDRAWN
    return RetentionKind.REFUSED


def _project(facts: _Facts) -> int | None:
    """Return the project that the citizen belongs to: of the draw, the accepted or the last referral."""
    if facts.project_id:
        return facts.project_id
    accepted = [project for state, _day, project in facts.referrals if state != ReferralState.REFUSED]
    return (accepted or [project for _state, _day, project in facts.referrals])[-1]


def _beginning(
    facts: _Facts,
    kind: RetentionKind,
    projects: dict[int, Project],
    days_of_draw: dict[int, datetime.date],
) -> datetime.date | None:
    """Return the day on which the citizen's period began; None when it has not."""
    project = projects.get(_project(facts) or 0)
    last_referral = facts.referrals[-1][1] if facts.referrals else None
    if kind == RetentionKind.REFUSED:
        return last_referral
    if kind == RetentionKind.UNDRAWN:
        return max(last_referral, days_of_draw[project.pk]) if last_referral and project else last_referral
    if kind == RetentionKind.CONTROL:
        return project.ends_on if project else None
    over_on = facts.over_on or (last_referral if facts.course_pk is None else None)
    return max(over_on, project.ends_on) if over_on and project else None
