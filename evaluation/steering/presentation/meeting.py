"""The page of one meeting: its points with figures and minutes, decisions, who came."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.presentation.corrections import with_corrections
from cases.presentation.meeting_page import UnsavedText
from evaluation.steering.agenda import DECISIONS, PreparedPoint, agenda_of
from evaluation.steering.areas import missing_words
from evaluation.steering.frozen import Attendee, kept_agenda
from evaluation.steering.models import (
    SteeringDecision,
    SteeringMeeting,
    SteeringMeetingCorrection,
    SteeringMinute,
    SteeringMinuteCorrection,
    SteeringState,
)


@dataclass(frozen=True)
class PointOnPage:
    """A point while the meeting is planned: figures as of today, and the draft of its minutes.

    `theirs` are the minutes that somebody else saved meanwhile.
    """

    point: PreparedPoint
    text: str
    version: int
    theirs: SteeringMinute | None = None
    errors: Sequence[str] = ()

    @property
    def is_of_decisions(self) -> bool:
        """Whether it is the point with the decisions to follow up."""
        return self.point.code == DECISIONS


@dataclass(frozen=True)
class ClosedPoint:
    """A point of a held meeting: the figures kept with it, what was written, and its corrections."""

    point: PreparedPoint
    text: str
    corrections: Sequence[SteeringMinuteCorrection] = ()

    @property
    def is_of_decisions(self) -> bool:
        """Whether its figures are the decisions that were to be followed up."""
        return self.point.code == DECISIONS

    @property
    def current_text(self) -> str:
        """The text that counts: of the latest correction, if there is one."""
        return self.corrections[-1].text if self.corrections else self.text


@dataclass(frozen=True)
class RecordedAttendance:
    """Who came on which day, as recorded or by a correction."""

    held_on: datetime.date
    took_place: bool
    attendees: Sequence[Attendee]
    correction: SteeringMeetingCorrection | None = None


def draft_points(
    meeting: SteeringMeeting,
    on: datetime.date,
    unsaved: UnsavedText,
    decisions: Sequence[SteeringDecision],
) -> list[PointOnPage]:
    """Return the points of a planned meeting with the figures of the day, and the decisions not done."""
    minutes = {minute.topic: minute for minute in meeting.minutes.all()}
    points = []
    for point in agenda_of(meeting, on, decisions):
        minute = minutes.get(point.code)
        stored_text = minute.text if minute else ""
        stale: Any = unsaved.stale.get(point.code)
        points.append(
            PointOnPage(
                point=point,
                text=unsaved.texts.get(point.code, stored_text),
                version=minute.version if minute else 0,
                theirs=stale,
                errors=unsaved.errors.get(point.code, ()),
            )
        )
    return points


def closed_points(meeting: SteeringMeeting) -> list[ClosedPoint]:
    """Return the points of a held meeting, as they are kept; two queries."""
    corrections: dict[str, list[SteeringMinuteCorrection]] = {}
    for correction in meeting.corrections.select_related("written_by"):
        corrections.setdefault(correction.topic, []).append(correction)
    texts = {minute.topic: minute.text for minute in meeting.minutes.all()}
    return [
        ClosedPoint(point, texts.get(point.code, ""), corrections.get(point.code, ()))
        for point in kept_agenda(meeting)
    ]


def attendance(meeting: SteeringMeeting) -> list[RecordedAttendance]:
    """Return who came to a held meeting: as recorded first, then each correction; one query."""
    assert meeting.held_on is not None  # of a held meeting
    first = RecordedAttendance(meeting.held_on, True, _people(meeting.attendees))
    corrections = meeting.meeting_corrections.select_related("written_by")
    return [
        first,
        *(
            RecordedAttendance(made.held_on, made.took_place, _people(made.attendees), made)
            for made in corrections
        ),
    ]


def _people(copies: Sequence[Mapping[str, str]]) -> list[Attendee]:
    return [Attendee.from_copy(copy) for copy in copies]


def closed_context(meeting: SteeringMeeting) -> dict[str, Any]:
    """Return what the page and the paper of a meeting show that is held or cancelled."""
    decisions = list(meeting.decisions.select_related("done_by"))
    with_corrections([meeting, *decisions])
    is_held = meeting.state == SteeringState.HELD
    records = attendance(meeting) if is_held else []
    return {
        "points": closed_points(meeting),
        "decisions": decisions,
        "records": records,
        "record": records[-1] if records else None,
        "missing": missing_words(meeting.missing_areas),
    }
