"""The steering group's paper: before a meeting its agenda with figures of the day, afterwards its minutes."""

import datetime
from typing import Any

from cases.presentation.meeting_page import UnsavedText
from evaluation.steering.agenda import open_decisions
from evaluation.steering.areas import members_by_area
from evaluation.steering.models import SteeringMeeting, SteeringState
from evaluation.steering.presentation.meeting import closed_context, draft_points

TEMPLATE = "evaluation/steering/paper_pdf.html"


def paper_context(meeting: SteeringMeeting, on: datetime.date) -> dict[str, Any]:
    """Return what the paper shows: of a held meeting what is kept with it, otherwise the figures of the day.
    Drafts of minutes are not printed."""
    is_held = meeting.state == SteeringState.HELD
    context: dict[str, Any] = {"meeting": meeting, "project": meeting.project, "is_held": is_held}
    if is_held:
        return context | closed_context(meeting) | {"as_of": meeting.held_on}
    areas = members_by_area(meeting.project, on)
    followed_up = open_decisions(meeting.project)
    return context | {
        "as_of": on,
        "points": draft_points(meeting, on, UnsavedText(), followed_up),
        "followed_up": followed_up,
        "areas": areas,
        "missing": [area.missing for area in areas if area.missing],
    }


def paper_name(meeting: SteeringMeeting) -> str:
    """Return the name of the file."""
    day = meeting.held_on or meeting.planned_at.date()
    kind = "referat" if meeting.state == SteeringState.HELD else "dagsorden"
    return f"indsatsgruppe-{meeting.project.slug}-{day:%Y-%m-%d}-{kind}.pdf"
