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
from companies.models.placement import (
    EMPLOYMENT_KINDS,
    EndReason,
    HoursChange,
    Match,
    Placement,
    PlacementKind,
    PlacementQuerySet,
    StandingManager,
)

__all__ = [
    "EMPLOYMENT_KINDS",
    "WEEKDAYS",
    "AgreementHours",
    "AgreementState",
    "AnnexQuestions",
    "AttendanceWeek",
    "Company",
    "CompanyContact",
    "EndReason",
    "HoursChange",
    "HoursKind",
    "Match",
    "Placement",
    "PlacementKind",
    "PlacementQuerySet",
    "StandingManager",
    "WorkAgreement",
]
