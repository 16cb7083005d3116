"""Companies, their workplaces and contacts, placements, matches and work agreements (D13–D15, D20)."""

from companies.models.agreement import (
    WEEKDAYS,
    AgreementHours,
    AgreementState,
    HoursKind,
    WorkAgreement,
)
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
from companies.models.merge import CompanyMerge
from companies.models.openings import JobOpening
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
from companies.models.project_rows import (
    CallChannel,
    CompanyAcquaintance,
    CompanyCall,
    CompanyContact,
    CompanyNote,
    ProjectRow,
)
from companies.models.succession import Succession

__all__ = [
    "EMPLOYMENT_KINDS",
    "WEEKDAYS",
    "AgreementHours",
    "AgreementState",
    "AnnexAnswer",
    "AnnexChannel",
    "AnnexParty",
    "AnnexReply",
    "AttendanceWeek",
    "CallChannel",
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
    "HoursChange",
    "HoursKind",
    "JobOpening",
    "Match",
    "NoMatchReason",
    "Placement",
    "PlacementKind",
    "PlacementQuerySet",
    "ProjectRow",
    "StandingManager",
    "Succession",
    "WorkAgreement",
    "Workplace",
]
