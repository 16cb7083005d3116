"""Companies, their workplaces and contacts, placements, matches and work agreements (D13–D15, D20)."""

from companies.models.agreement import (
    UNSIGNED_STATES,
    WEEKDAYS,
    AgreementHours,
    AgreementState,
    AnnexQuestions,
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
from companies.models.attendance import AttendanceWeek
from companies.models.company import Company, CompanyContact
from companies.models.placement import (
    EMPLOYMENT_KINDS,
    HoursChange,
    Match,
    Placement,
    PlacementKind,
    PlacementQuerySet,
    StandingManager,
)

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
    "AnnexQuestions",
    "AttendanceWeek",
    "Company",
    "CompanyContact",
    "HoursChange",
    "HoursKind",
    "Match",
    "Placement",
    "PlacementKind",
    "PlacementQuerySet",
    "SealedPdf",
    "SignedForReason",
    "StandingManager",
    "WorkAgreement",
]
