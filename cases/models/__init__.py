"""The citizen, the referral and the course, with the rows that belong to them."""

from cases.models.citizen import Benefit, Citizen, Referral, ReferralState, TargetGroup
from cases.models.contacts import Channel, MentorContact
from cases.models.course import ColleagueOpening, Course, CourseFunction, EndReason, FunctionHolding, JobGoal
from cases.models.document import CourseDocument
from cases.models.handover import DefaultTeamMember, HandoverNote
from cases.models.meetings import FollowUpMeeting, MeetingState
from cases.models.needs import Accommodation, EffortKind, ParallelEffort, UncoveredNeed

__all__ = [
    "Accommodation",
    "Benefit",
    "Channel",
    "Citizen",
    "ColleagueOpening",
    "Course",
    "CourseDocument",
    "CourseFunction",
    "DefaultTeamMember",
    "EffortKind",
    "EndReason",
    "FollowUpMeeting",
    "FunctionHolding",
    "HandoverNote",
    "JobGoal",
    "MeetingState",
    "MentorContact",
    "ParallelEffort",
    "Referral",
    "ReferralState",
    "TargetGroup",
    "UncoveredNeed",
]
