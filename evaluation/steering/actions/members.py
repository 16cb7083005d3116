"""Members join, change and leave; what was entered in error is withdrawn (D41)."""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Project, User
from cases.actions.checks import changed, refuse
from cases.actions.corrections import (
    check_constraints_with,
    check_standing_row,
    is_own_slip,
    restore_record,
    withdraw_record,
)
from evaluation.steering.actions.checks import locked_project
from evaluation.steering.actions.invitations import invite_to_meetings_ahead
from evaluation.steering.models import SteeringMember
from jobfirst.kit.versioned import ensure_fresh, refuse_other_content


@transaction.atomic
def add_member(
    project: Project, content: Mapping[str, Any], *, by: User | None, submission: uuid.UUID | None = None
) -> SteeringMember:
    """Add a member, and invite the person to the meetings that lie ahead. The same form sent twice makes one
    member."""
    project = locked_project(project.pk)
    if submission is not None:
        earlier = SteeringMember.everybody.filter(submission=submission, project=project).first()
        if earlier is not None:
            refuse_other_content(earlier, content)
            return earlier
    _check(project, content)
    member = SteeringMember(project=project, registered_by=by, submission=submission, **content)
    member.validate_constraints()
    member.save()
    invite_to_meetings_ahead(project)
    return member


@transaction.atomic
def change_member(
    member: SteeringMember, content: Mapping[str, Any], *, version: int | None = None
) -> SteeringMember:
    """Change what is known of a member, also that the person leaves; invitations ahead follow."""
    project = locked_project(member.project_id)
    current = _locked_member(member)
    check_standing_row(current)
    ensure_fresh(current, version)
    _check(project, content)
    for name, value in content.items():
        setattr(current, name, value)
    current.validate_constraints()
    changed(current, dict(content))
    invite_to_meetings_ahead(project)
    return current


@transaction.atomic
def withdraw_member(member: SteeringMember, *, by: User, reason: str, version: int | None = None) -> None:
    """Withdraw a member who was entered in error; minutes and decisions keep the name."""
    project = locked_project(member.project_id)
    current = _locked_member(member)
    is_own_slip = may_withdraw_at_once(current, by)
    withdraw_record(current, by=by, reason=reason, is_own_slip=is_own_slip, version=version)
    invite_to_meetings_ahead(project)


@transaction.atomic
def restore_member(member: SteeringMember, *, by: User, reason: str = "", version: int | None = None) -> None:
    """Let a member stand again who was withdrawn by mistake; invitations ahead follow (`restore_record`).

    Refused when the account has become a member again meanwhile.
    """
    project = locked_project(member.project_id)
    current = _locked_member(member)
    if current.is_withdrawn:
        check_constraints_with(current, {"withdrawn_at": None, "withdrawn_by": None, "withdrawn_reason": ""})
    restore_record(current, by=by, reason=reason, version=version)
    invite_to_meetings_ahead(project)


def _locked_member(member: SteeringMember) -> SteeringMember:
    """Return the member as stored now, locked; ValidationError when the person was erased."""
    current = SteeringMember.everybody.select_for_update(of=("self",)).get(pk=member.pk)
    if current.is_erased:
        raise ValidationError(_("The member was erased by the rules of retention."))
    return current


def may_withdraw_at_once(member: SteeringMember, by: User) -> bool:
    """Whether the user undoes a slip of the user's own, and so needs no reason."""
    return is_own_slip(member.registered_by_id, member.created_at, by)


def members_on(project: Project, day: datetime.date) -> list[SteeringMember]:
    """Return the members of the project's group on the day."""
    return list(SteeringMember.objects.on(day).filter(project=project))


def _check(project: Project, content: Mapping[str, Any]) -> None:
    """Refuse an account of somebody who does not work in the project."""
    user = content.get("user")
    if user is not None and project.pk not in user.project_ids():
        raise refuse("user", _("Choose somebody from the list."), "user")
