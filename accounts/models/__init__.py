"""Users, municipalities, projects, memberships, signed links, and the trial's own terms."""

from accounts.links.models import LinkRequest, LinkSecret, SignedLink
from accounts.models.confirmations import AccountRequest, RequestKind, RequestOutcome
from accounts.models.deliveries import DeliveredUser
from accounts.models.identities import Identity
from accounts.models.projects import MOST_PARTICIPANTS, Municipality, Project, ProjectMunicipality
from accounts.models.terms import TrialTerms
from accounts.models.users import (
    ERASED_DOMAIN,
    Absence,
    AbsenceQuerySet,
    Membership,
    StandingIn,
    User,
    UserManager,
)

__all__ = [
    "ERASED_DOMAIN",
    "MOST_PARTICIPANTS",
    "Absence",
    "AbsenceQuerySet",
    "AccountRequest",
    "DeliveredUser",
    "Identity",
    "LinkRequest",
    "LinkSecret",
    "Membership",
    "Municipality",
    "Project",
    "ProjectMunicipality",
    "RequestKind",
    "RequestOutcome",
    "SignedLink",
    "StandingIn",
    "TrialTerms",
    "User",
    "UserManager",
]
