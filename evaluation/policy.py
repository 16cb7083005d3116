"""Who sees the dashboards and the trial's pages."""

from accounts.policy import is_agency, leads_project

PERMISSIONS = {
    "evaluation.view_dashboard": leads_project,
    "evaluation.manage_steering": leads_project,
    "evaluation.view_trial": is_agency,
    "evaluation.enter_target_groups": is_agency,
    "evaluation.import_paid_hours": is_agency,
}
