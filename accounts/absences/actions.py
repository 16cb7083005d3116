"""Actions on absences: enter, correct, end early.

A refused action raises ValidationError, keyed by the argument that is wrong.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.extension_points import count_duties
from accounts.models import Absence, AbsenceQuerySet, Membership, Project, User
from accounts.people.locks import ensure_not_erased, locked_users
from jobfirst.kit.versioned import ensure_fresh, refuse_other_content
from jobfirst.values.dates import DAY, DateSpan


@dataclass(frozen=True)
class AbsenceFacts:
    """Who is away from which project, on which days, and who stands in."""

    user: User
    project: Project
    stand_in: User
    span: DateSpan


def needed_roles(user: User, project: Project, day: date) -> frozenset[str]:
    """Return the roles in which the user does something in the project on the day or later."""
    return frozenset(duty.role for duty in count_duties(user, day, projects=[project.pk]))


def possible_stand_ins(user: User, projects: Iterable[Project], day: date) -> QuerySet[User]:
    """Return the colleagues who can stand in for the user in one of the projects from the day on, by name."""
    possible = Q()
    for project in projects:
        people = Q(pk__in=Membership.objects.filter(project=project).values("user_id"))
        for role in needed_roles(user, project, day):
            having = Membership.objects.filter(project=project, role=role)
            people &= Q(pk__in=having.values("user_id"))
        possible |= people
    colleagues = User.objects.filter(is_active=True).exclude(pk=user.pk)
    return (colleagues.filter(possible) if possible else colleagues.none()).order_by("name", "email")


@transaction.atomic
def enter_absence(
    facts: AbsenceFacts, *, by: User, today: date, submission: uuid.UUID | None = None
) -> Absence:
    """Enter an absence. The same form sent again returns the absence that it made; with other content it is
    refused."""
    facts = _locked(facts)
    if submission and (sent := Absence.objects.filter(submission=submission).first()):
        refuse_other_content(sent, vars(facts))
        return sent
    absence = Absence(user=facts.user, project=facts.project, entered_by=by, submission=submission)
    _store(absence, facts, today)
    return absence


@transaction.atomic
def correct_absence(
    absence: Absence, *, stand_in: User, span: DateSpan, version: int, today: date
) -> Absence:
    """Change the days or the stand-in. StaleError when somebody has saved it since `version`."""
    facts = _locked(AbsenceFacts(absence.user, absence.project, stand_in, span))
    absence = Absence.objects.select_for_update(no_key=True).get(pk=absence.pk)
    ensure_fresh(absence, version)
    absence.version += 1
    _store(absence, facts, today)
    return absence


@transaction.atomic
def end_absence(absence: Absence, today: date, *, version: int) -> None:
    """End an absence: the person is back today. One that has not begun before today is removed.

    The database history keeps what was removed. Idempotent. StaleError when somebody has saved it since
    `version`.
    """
    locked_users([absence.user_id, absence.stand_in_id])
    current = Absence.objects.select_for_update(no_key=True).filter(pk=absence.pk).first()
    if current is None or current.last_on < today:
        return
    ensure_fresh(current, version)
    if current.first_on >= today:
        current.delete()
        return
    current.last_on = today - DAY
    current.version += 1
    current.save(update_fields=["last_on", "version"])


def _locked(facts: AbsenceFacts) -> AbsenceFacts:
    """Return the facts with both people as stored now, locked: neither becomes absent or loses a role
    meanwhile. ValidationError when the absent person was erased."""
    people = locked_users([facts.user.pk, facts.stand_in.pk])
    ensure_not_erased(people[facts.user.pk])
    return replace(facts, user=people[facts.user.pk], stand_in=people[facts.stand_in.pk])


def _store(absence: Absence, facts: AbsenceFacts, today: date) -> None:
    """Check and save the absence with the facts."""
    absence.stand_in = facts.stand_in
    absence.first_on, absence.last_on = facts.span.first, facts.span.last_day
    absence.full_clean(exclude=["submission"])
    _check_stand_in(absence, facts, today)
    _check_user(absence, facts)
    absence.save()


def _check_stand_in(absence: Absence, facts: AbsenceFacts, today: date) -> None:
    """Refuse a stand-in who is away as well, or lacks one of the roles needed from today on."""
    stand_in, project = facts.stand_in, facts.project
    held = set(stand_in.memberships.filter(project=project).values_list("role", flat=True))
    needed = needed_roles(facts.user, project, max(facts.span.first, today))
    if not stand_in.is_active or not held or needed - held:
        raise _refusal("stand_in", _("The person does not have the roles needed in the project."), "roles")
    away = _others(absence, facts).filter(user=stand_in).first()
    if away is not None:
        message = _("%(name)s is away from %(first)s to %(last)s. Choose somebody else.")
        raise _refusal("stand_in", message % _words(stand_in, away), "stand_in_away")


def _check_user(absence: Absence, facts: AbsenceFacts) -> None:
    """Refuse the absence of somebody without a role in the project, or who stands in for another person."""
    if not facts.user.memberships.filter(project=facts.project).exists():
        raise _refusal("project", _("The person has no role in this project."), "project")
    covered = _others(absence, facts).filter(stand_in=facts.user).select_related("user").first()
    if covered is not None:
        message = _(
            "The absent person stands in for %(name)s from %(first)s to %(last)s. "
            "Another stand-in must be chosen there first."
        )
        raise _refusal("first_on", message % _words(covered.user, covered), "stands_in")


def _others(absence: Absence, facts: AbsenceFacts) -> AbsenceQuerySet:
    """Return the other absences of the project on these days."""
    return Absence.objects.meeting(facts.span).filter(project=facts.project).exclude(pk=absence.pk)


def _words(user: User, absence: Absence) -> dict[str, str]:
    return {
        "name": str(user),
        "first": date_format(absence.first_on),
        "last": date_format(absence.last_on),
    }


def _refusal(field: str, message: str, code: str) -> ValidationError:
    return ValidationError({field: ValidationError(message, code=code)})
