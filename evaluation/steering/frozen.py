"""What a held meeting keeps: copies of its agenda with the figures, and of who came (D37, D41).

They are written in Danish, the language of the minutes, and never change.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from evaluation.steering.agenda import PointFigure, PreparedPoint, agenda_of
from evaluation.steering.models import SteeringArea, SteeringMeeting, SteeringMember
from jobfirst.values.danish_order import danish_key


@dataclass(frozen=True)
class Attendee:
    """Somebody who came, as the group knew the person then."""

    member: str
    name: str
    area: str
    title: str
    organisation: str

    @classmethod
    def from_copy(cls, copy: Mapping[str, str]) -> Attendee:
        """Return the attendee of a stored copy."""
        return cls(**copy)

    @property
    def area_words(self) -> str:
        """The area in words."""
        return str(SteeringArea(self.area).label)


def attendee_copies(members: Iterable[SteeringMember]) -> list[dict[str, Any]]:
    """Return the members as they are kept with the meeting, in the order of the areas."""
    order = list(SteeringArea)
    people = sorted(
        members, key=lambda member: (order.index(SteeringArea(member.area)), danish_key(member.name))
    )
    return [
        asdict(Attendee(str(person.public_id), person.name, person.area, person.title, person.organisation))
        for person in people
    ]


def frozen_agenda(meeting: SteeringMeeting, on: datetime.date) -> list[dict[str, Any]]:
    """Return the meeting's agenda with its figures of the day, as it is kept."""
    with translation.override(settings.LANGUAGE_CODE):
        return [
            {
                "code": point.code,
                "title": point.title,
                "figures": [[str(text) for text in figure] for figure in point.figures],
                "is_added": point.is_added,
            }
            for point in agenda_of(meeting, on)
        ]


def kept_agenda(meeting: SteeringMeeting) -> list[PreparedPoint]:
    """Return the agenda that a held meeting keeps."""
    return [
        PreparedPoint(
            point["code"],
            point["title"],
            [PointFigure(*figure) for figure in point["figures"]],
            is_added=point["is_added"],
        )
        for point in meeting.agenda or []
    ]
