"""Who gets and sees reminders. The only place here that names roles."""

from typing import Any

from django.db.models import QuerySet
from rules.predicates import predicate

from accounts.models import Membership, User
from accounts.policy import is_administrator
from accounts.roles import Role


def leaders() -> QuerySet[Membership, Any]:
    """Return the leaders of every project, as rows of project id, function and user id: who is told what
    concerns a whole project."""
    rows = Membership.objects.filter(role=Role.PROJECT_LEADER, project__isnull=False)
    return rows.order_by().values("project_id", "role", "user_id")


@predicate
def works_in_a_project(user: User) -> bool:
    """Has a role in a project; the agency and the administrators get no reminders."""
    return bool(user.project_ids())


PERMISSIONS = {
    # Everybody sees only their own reminders: `Reminder.objects.visible_to`.
    "reminders.list_own": works_in_a_project,
    "reminders.operate": is_administrator,
}
