"""The page of a steering group: members by area, meetings, what is decided and not done yet."""

import datetime
from typing import Any

from accounts.models import Project
from cases.presentation.corrections import with_corrections
from evaluation.deadlines.steering_group_due import KIND
from evaluation.steering.agenda import open_decisions
from evaluation.steering.areas import members_by_area
from evaluation.steering.models import SteeringMeeting, SteeringMember, SteeringState
from evaluation.steering.presentation.invitations import members_with_returned_mail
from reminders.models import Deadline


def group_context(project: Project, on: datetime.date) -> dict[str, Any]:
    """Return what the page of the group shows as of a day, in nine queries."""
    meetings = list(SteeringMeeting.objects.filter(project=project))
    decisions = open_decisions(project)
    everybody = list(SteeringMember.everybody.filter(project=project))
    withdrawn = [member for member in everybody if member.is_withdrawn]
    members = [member for member in everybody if not member.is_withdrawn]
    with_corrections([*decisions, *withdrawn])
    due = Deadline.objects.shown_on(on).filter(project=project, kind=KIND.code)
    areas = members_by_area(project, on)
    return {
        "areas": areas,
        "missing": [area.missing for area in areas if area.missing],
        "former": [member for member in members if member.left_on is not None and member.left_on < on],
        "coming": [member for member in members if member.joined_on > on],
        "withdrawn": withdrawn,
        "returned": members_with_returned_mail(members),
        "planned": [meeting for meeting in meetings if meeting.state == SteeringState.PLANNED][::-1],
        "past": [meeting for meeting in meetings if meeting.state != SteeringState.PLANNED],
        "decisions": decisions,
        "due_days": sorted(due.values_list("due", flat=True)),
    }
