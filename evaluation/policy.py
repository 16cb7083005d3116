"""Who sees the dashboards and the trial's pages."""

from rules.predicates import predicate

from accounts.models import User
from accounts.policy import is_agency, leads_project
from cases.models import Referral


@predicate
def leads_project_of(user: User, referral: Referral | None) -> bool:
    """Leads the project that referred the citizen; asked without a referral, leads any."""
    is_led: bool = leads_project(user, referral.project if referral else None)
    return is_led


PERMISSIONS = {
    "evaluation.view_dashboard": leads_project,
    "evaluation.manage_steering": leads_project,
    "evaluation.view_trial": is_agency,
    "evaluation.enter_target_groups": is_agency,
    "evaluation.import_paid_hours": is_agency,
    "evaluation.make_packages": is_agency,
    "evaluation.set_thresholds": is_agency,
    "evaluation.record_deviation": leads_project_of,
    "evaluation.record_trial_deviation": is_agency,
}
