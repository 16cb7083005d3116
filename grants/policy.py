"""Who may see grant statements. The only place here that names roles.

The agency sees every project by pseudonym; a project leader sees the projects she leads.
"""

from typing import Any

import rules
from django.db.models import QuerySet

from accounts.models import Project
from accounts.roles import Role


@rules.predicate
def is_agency(user: Any) -> bool:
    """Works at the agency that runs the trial."""
    return user.has_role(Role.AGENCY)


@rules.predicate
def leads_a_project(user: Any) -> bool:
    """Leads at least one project."""
    return user.has_role(Role.PROJECT_LEADER)


rules.add_perm("grants.view_statements", is_agency | leads_a_project)


def statement_projects(user: Any) -> QuerySet[Project]:
    """The projects whose statements the user may see; none for everybody else."""
    if is_agency(user):
        return Project.objects.all()
    return Project.objects.filter(pk__in=user.project_ids(Role.PROJECT_LEADER))
