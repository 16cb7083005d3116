"""The citizen, the referral and the course, with the rows that belong to them."""

from cases.models.citizen import (
    Benefit,
    Citizen,
    EarlierNumber,
    Referral,
    ReferralState,
    TargetGroup,
)
from cases.models.contacts import AttemptOutcome, Channel, CitizenContact, MentorContact
from cases.models.corrections import CaseCorrection, CorrectionKind
from cases.models.course import ColleagueOpening, Course, CourseFunction, EndReason, FunctionHolding
from cases.models.cv import Cv, CvEntry, CvPart, CvReview, LanguageLevel
from cases.models.deliveries import DeliveredContact
from cases.models.document import CourseDocument
from cases.models.elements import CourseElement, ElementStateChoices
from cases.models.goals import JobGoal
from cases.models.handover import DefaultTeamMember, HandoverNote
from cases.models.meetings import MEETING_DAY, FollowUpMeeting, MeetingState
from cases.models.messages import (
    AppointmentMessage,
    MeetingInvitation,
)
from cases.models.minutes import (
    CITIZEN,
    Attendance,
    CorrectedAttendance,
    MeetingCorrection,
    MeetingDecision,
    MeetingMinute,
    MinuteCorrection,
)
from cases.models.needs import Accommodation, EffortKind, ParallelEffort, UncoveredNeed
from cases.models.pauses import CoursePause, PauseKind
from cases.models.profile import ProfileSubject, ProfileText
from cases.models.shut_outs import ShutOut, open_to
from jobfirst.messaging.outgoing import MessageChannel, SendingState

__all__ = [
    "CITIZEN",
    "MEETING_DAY",
    "Accommodation",
    "AppointmentMessage",
    "AttemptOutcome",
    "Attendance",
    "Benefit",
    "CaseCorrection",
    "Channel",
    "Citizen",
    "CitizenContact",
    "ColleagueOpening",
    "CorrectedAttendance",
    "CorrectionKind",
    "Course",
    "CourseDocument",
    "CourseElement",
    "CourseFunction",
    "CoursePause",
    "Cv",
    "CvEntry",
    "CvPart",
    "CvReview",
    "DefaultTeamMember",
    "DeliveredContact",
    "EarlierNumber",
    "EffortKind",
    "ElementStateChoices",
    "EndReason",
    "FollowUpMeeting",
    "FunctionHolding",
    "HandoverNote",
    "JobGoal",
    "LanguageLevel",
    "MeetingCorrection",
    "MeetingDecision",
    "MeetingInvitation",
    "MeetingMinute",
    "MeetingState",
    "MentorContact",
    "MessageChannel",
    "MinuteCorrection",
    "ParallelEffort",
    "PauseKind",
    "ProfileSubject",
    "ProfileText",
    "Referral",
    "ReferralState",
    "SendingState",
    "ShutOut",
    "TargetGroup",
    "UncoveredNeed",
    "open_to",
]
