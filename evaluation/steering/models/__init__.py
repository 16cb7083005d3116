"""Tables of the steering group."""

from evaluation.steering.models.invitations import SteeringInvitation
from evaluation.steering.models.meetings import SteeringMeeting, SteeringMeetingCorrection, SteeringState
from evaluation.steering.models.members import REQUIRED_AREAS, SteeringArea, SteeringMember
from evaluation.steering.models.minutes import (
    AddedPoint,
    SteeringDecision,
    SteeringMinute,
    SteeringMinuteCorrection,
)

__all__ = [
    "REQUIRED_AREAS",
    "AddedPoint",
    "SteeringArea",
    "SteeringDecision",
    "SteeringInvitation",
    "SteeringMeeting",
    "SteeringMeetingCorrection",
    "SteeringMember",
    "SteeringMinute",
    "SteeringMinuteCorrection",
    "SteeringState",
]
