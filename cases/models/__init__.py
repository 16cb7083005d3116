"""The citizen, the referral and the course, with the rows that belong to them."""

from cases.models.citizen import Benefit, Citizen, Referral, ReferralState, TargetGroup
from cases.models.contacts import AttemptOutcome, Channel, CitizenContact, MentorContact
from cases.models.course import ColleagueOpening, Course, CourseFunction, EndReason, FunctionHolding, JobGoal
from cases.models.document import CourseDocument
from cases.models.elements import CourseElement, ElementStateChoices
from cases.models.handover import DefaultTeamMember, HandoverNote
from cases.models.meetings import FollowUpMeeting, MeetingState
from cases.models.needs import Accommodation, EffortKind, ParallelEffort, UncoveredNeed
from cases.models.pauses import CoursePause, PauseKind

__all__ = [
    "Accommodation",
    "AttemptOutcome",
    "Benefit",
    "Channel",
    "Citizen",
    "CitizenContact",
    "ColleagueOpening",
    "Course",
    "CourseDocument",
    "CourseElement",
    "CourseFunction",
    "CoursePause",
    "DefaultTeamMember",
    "EffortKind",
    "ElementStateChoices",
    "EndReason",
    "FollowUpMeeting",
    "FunctionHolding",
    "HandoverNote",
    "JobGoal",
    "MeetingState",
    "MentorContact",
    "ParallelEffort",
    "PauseKind",
    "Referral",
    "ReferralState",
    "TargetGroup",
    "UncoveredNeed",
]
