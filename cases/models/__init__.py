"""The citizen, the referral and the course, with all that belongs to it."""

from cases.models.citizen import Benefit, Citizen, Referral, ReferralState, TargetGroup
from cases.models.course import ColleagueOpening, Course, CourseFunction, EndReason, FunctionHolding, JobGoal
from cases.models.document import CourseDocument
from cases.models.following import Channel, FollowUpMeeting, MeetingState, MentorContact
from cases.models.support import Accommodation, EffortKind, ParallelEffort, UncoveredNeed

__all__ = [
    "Accommodation",
    "Benefit",
    "Channel",
    "Citizen",
    "ColleagueOpening",
    "Course",
    "CourseDocument",
    "CourseFunction",
    "EffortKind",
    "EndReason",
    "FollowUpMeeting",
    "FunctionHolding",
    "JobGoal",
    "MeetingState",
    "MentorContact",
    "ParallelEffort",
    "Referral",
    "ReferralState",
    "TargetGroup",
    "UncoveredNeed",
]
