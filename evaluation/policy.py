"""Who sees the dashboards. The only place here that names roles."""

from typing import Any

import rules

from accounts.models import Project
from accounts.roles import Role
from randomization.policy import runs_the_trial


@rules.predicate
def leads_project(user: Any, project: Project | None) -> bool:
    """Leads this project; asked without one, leads any."""
    return user.has_role(Role.PROJECT_LEADER, project_id=project.pk if project else None)


rules.add_perm("evaluation.view_dashboard", leads_project)
rules.add_perm("evaluation.view_trial", runs_the_trial)
rules.add_perm("evaluation.enter_target_groups", runs_the_trial)
