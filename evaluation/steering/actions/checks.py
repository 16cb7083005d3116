"""What the actions of the steering group have in common: lock, fetch, refuse."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Project
from cases.actions.checks import refuse
from evaluation.deadlines import steering_group_due
from evaluation.steering.models import SteeringMeeting, SteeringState
from reminders.deadlines import bring_up_to_date
from reminders.models import SubjectType


def locked_project(project_id: int) -> Project:
    """Return the project, locked until the end of the transaction: its steering group changes one action at a
    time."""
    return Project.objects.select_for_update(no_key=True).get(pk=project_id)


def locked_meeting(meeting: SteeringMeeting) -> SteeringMeeting:
    """Return the meeting as stored now, under the lock of its project."""
    project = locked_project(meeting.project_id)
    current = SteeringMeeting.objects.get(pk=meeting.pk)
    current.project = project
    return current


def planned_meeting(meeting: SteeringMeeting) -> SteeringMeeting:
    """Return the current meeting under the lock; refused unless it is still planned."""
    current = locked_meeting(meeting)
    if current.state == SteeringState.HELD:
        raise ValidationError(
            _("The meeting is held, and the minutes are closed. Correct them instead."), code="closed"
        )
    if current.state == SteeringState.CANCELLED:
        raise ValidationError(_("The meeting is cancelled."), code="cancelled")
    return current


def held_meeting(meeting: SteeringMeeting) -> SteeringMeeting:
    """Return the current meeting under the lock; refused unless it is held."""
    current = locked_meeting(meeting)
    if current.state != SteeringState.HELD:
        raise ValidationError(_("The meeting is not held yet."), code="not_held")
    return current


def check_held_on(project: Project, held_on: datetime.date, today: datetime.date) -> None:
    """Refuse a day before the project's start, and one in the future."""
    if held_on < project.starts_on:
        raise refuse("held_on", _("The day lies before the project's start."), "before_start")
    if held_on > today:
        raise refuse("held_on", _("The day lies in the future."), "future")


def update_deadline(project: Project) -> None:
    """Make the deadline of the project's steering group follow from its meetings; the last call of an
    action."""
    bring_up_to_date(SubjectType.PROJECT, [project.slug], [steering_group_due.KIND.code])
