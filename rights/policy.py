"""Permissions on retention and erasure. The only place in this app that names roles."""

from accounts.models import Project, User
from accounts.policy import is_administrator, leads_a_project, led_project_ids
from accounts.roles import Role
from cases.policy import leads_project_of


def governed_projects(user: User) -> frozenset[int | None]:
    """Return the ids of the projects whose erasures the user may propose or approve: a leader's led ones, an
    administrator's all, with None for citizens of no project."""
    if user.has_role(Role.ADMINISTRATOR):
        return frozenset([None, *Project.objects.values_list("pk", flat=True)])
    return led_project_ids(user)


PERMISSIONS = {
    "rights.place_hold": leads_project_of,
    "rights.see_retention": is_administrator | leads_a_project,
    "rights.set_retention": is_administrator,
}
