"""Companies, their workplaces and contacts, placements, matches and work agreements (D13–D15, D20)."""

from companies.models.agreement import (
    WEEKDAYS,
    AgreementHours,
    AgreementState,
    AnnexQuestions,
    HoursKind,
    WorkAgreement,
)
from companies.models.attendance import AttendanceWeek
from companies.models.company import Company, CompanyContact
from companies.models.dialogue import (
    Dialogue,
    DialogueEntry,
    DialogueQuerySet,
    DialogueStep,
    NoMatchReason,
)
from companies.models.placement import (
    EMPLOYMENT_KINDS,
    HoursChange,
    Match,
    Placement,
    PlacementKind,
    PlacementQuerySet,
    StandingManager,
)
from companies.models.register import RegisterEntry
from companies.models.succession import Succession

__all__ = [
    "EMPLOYMENT_KINDS",
    "WEEKDAYS",
    "AgreementHours",
    "AgreementState",
    "AnnexQuestions",
    "AttendanceWeek",
    "Company",
    "CompanyContact",
    "Dialogue",
    "DialogueEntry",
    "DialogueQuerySet",
    "DialogueStep",
    "HoursChange",
    "HoursKind",
    "Match",
    "NoMatchReason",
    "Placement",
    "PlacementKind",
    "PlacementQuerySet",
    "RegisterEntry",
    "StandingManager",
    "Succession",
    "WorkAgreement",
]
