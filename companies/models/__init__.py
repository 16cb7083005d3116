"""Companies, their workplaces and contacts, placements, matches and work agreements (D13–D15, D20)."""

from companies.models.agreement import (
    UNSIGNED_STATES,
    WEEKDAYS,
    AgreementHours,
    AgreementState,
    HoursKind,
    WorkAgreement,
)
from companies.models.agreement_signature import (
    AgreementDecline,
    AgreementSeal,
    AgreementSignature,
    AgreementSignatureVoid,
    SealedPdf,
    SignedForReason,
)
from companies.models.amendments import OUTSIDE_PARTIES, AgreementParty
from companies.models.annex import AnnexAnswer, AnnexChannel, AnnexParty, AnnexReply
from companies.models.attendance import AttendanceWeek
from companies.models.company import Company, Workplace
from companies.models.dialogue import (
    Dialogue,
    DialogueEntry,
    DialogueQuerySet,
    DialogueStep,
    NoMatchReason,
)
from companies.models.merge import CompanyMerge, MergeRecord, WorkplaceMerge
from companies.models.openings import JobOpening, WorkTime
from companies.models.placement import (
    EMPLOYMENT_KINDS,
    EarlyEndReason,
    HoursChange,
    Match,
    Placement,
    PlacementKind,
    PlacementQuerySet,
    StandingManager,
)
from companies.models.postal_areas import PostalArea
from companies.models.project_rows import (
    CallChannel,
    CompanyAcquaintance,
    CompanyCall,
    CompanyContact,
    CompanyNote,
    ProjectRow,
)
from companies.models.report import (
    CitizenAgreement,
    ClosingAssessment,
    ClosingOutcome,
    HiredAs,
    PlacementReport,
    ReportedAbsence,
    ReportKind,
    ReportState,
)
from companies.models.succession import Succession

__all__ = [
    "EMPLOYMENT_KINDS",
    "OUTSIDE_PARTIES",
    "UNSIGNED_STATES",
    "WEEKDAYS",
    "AgreementDecline",
    "AgreementHours",
    "AgreementParty",
    "AgreementSeal",
    "AgreementSignature",
    "AgreementSignatureVoid",
    "AgreementState",
    "AnnexAnswer",
    "AnnexChannel",
    "AnnexParty",
    "AnnexReply",
    "AttendanceWeek",
    "CallChannel",
    "CitizenAgreement",
    "ClosingAssessment",
    "ClosingOutcome",
    "Company",
    "CompanyAcquaintance",
    "CompanyCall",
    "CompanyContact",
    "CompanyMerge",
    "CompanyNote",
    "Dialogue",
    "DialogueEntry",
    "DialogueQuerySet",
    "DialogueStep",
    "EarlyEndReason",
    "HiredAs",
    "HoursChange",
    "HoursKind",
    "JobOpening",
    "Match",
    "MergeRecord",
    "NoMatchReason",
    "Placement",
    "PlacementKind",
    "PlacementQuerySet",
    "PlacementReport",
    "PostalArea",
    "ProjectRow",
    "ReportKind",
    "ReportState",
    "ReportedAbsence",
    "SealedPdf",
    "SignedForReason",
    "StandingManager",
    "Succession",
    "WorkAgreement",
    "WorkTime",
    "Workplace",
    "WorkplaceMerge",
]
