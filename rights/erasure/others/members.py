"""Members of steering groups who have left: the person goes, area and days stay, for they are the group's.

The period begins on the day on which the person left, was withdrawn, or the project ended, whichever is
first. Minutes, decisions and attendance are the project's papers and keep the name that they copied.
"""

import datetime
import uuid
from collections.abc import Iterable

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.models import SteeringInvitation, SteeringMember
from jobfirst.values.dates import months_after
from rights.erasure.removal import BLANK, Removal, if_filled
from rights.erasure.subjects import DueSubject
from rights.models import RetentionKind


def due(on: datetime.date, months: int, _held: object) -> list[DueSubject]:
    """Return the members whose period has ended by the day."""
    subjects = []
    rows = SteeringMember.everybody.filter(erased_on=None).select_related("project").order_by("pk")
    for member in rows:
        begins_on = _ended_on(member)
        due_on = months_after(begins_on, months)
        if due_on <= on:
            label = f"{RetentionKind.MEMBER} {member.pk}"
            subjects.append(
                DueSubject(
                    *(member.pk, member.public_id, label, RetentionKind.MEMBER, member.project_id),
                    *(begins_on, due_on),
                )
            )
    return subjects


def _ended_on(member: SteeringMember) -> datetime.date:
    days = [member.project.ends_on, member.left_on]
    days.append(timezone.localdate(member.withdrawn_at) if member.withdrawn_at else None)
    return min(day for day in days if day)


def names(public_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return what a list shows: the area, not the person."""
    rows = SteeringMember.everybody.filter(public_id__in=public_ids)
    return {
        member.public_id: _("Member of the steering group: %(area)s") % {"area": member.get_area_display()}
        for member in rows
    }


def changed_since(pk: int, moment: datetime.datetime) -> bool:
    """Whether the member was changed after the moment."""
    events = apps.get_model("evaluation", "SteeringMemberEvent").objects
    return bool(events.filter(pgh_obj_id=pk, pgh_created_at__gt=moment).exists())


def erase(removal: Removal, pk: int) -> list[uuid.UUID]:
    """Empty the row, and remove its history and the invitations. Return the ids that led to the person."""
    member = SteeringMember.everybody.select_for_update(of=("self",)).get(pk=pk)
    invitations = SteeringInvitation.objects.filter(member=pk)
    removal.delete_whole(SteeringInvitation, list(invitations.values_list("pk", flat=True)))
    removal.delete_history(SteeringMember, [pk])
    SteeringMember.everybody.filter(pk=pk).update(
        name=BLANK,
        title="",
        organisation="",
        email="",
        user=None,
        withdrawn_reason=if_filled("withdrawn_reason"),
        submission=None,
    )
    return [member.public_id]
