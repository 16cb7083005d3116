"""Who gets and sees reminders. The only place here that names roles."""

from typing import Any

from django.db.models import QuerySet
from rules.predicates import predicate

from accounts.models import Membership, User
from accounts.roles import Role


def leaders() -> QuerySet[Membership, Any]:
    """Return the leaders of every project, as rows of project id, function and user id: who is told what
    concerns a whole project."""
    rows = Membership.objects.filter(role=Role.PROJECT_LEADER, project__isnull=False)
    return rows.order_by().values("project_id", "role", "user_id")


@predicate
def is_told(user: User) -> bool:
    """Has a role in a project, or works for the agency, which is told of statements."""
    return bool(user.project_ids()) or user.has_role(Role.AGENCY)


PERMISSIONS = {
    # Everybody sees only their own reminders.
    "reminders.list_own": is_told,
}
