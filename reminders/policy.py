"""Who gets and sees reminders. The only place here that names roles."""

from collections import defaultdict

from rules.predicates import predicate

from accounts.models import Membership, User
from accounts.roles import Role


def project_leaders() -> dict[int, list[int]]:
    """Return the user ids of the leaders, by project id: the recipients of reminders about a project."""
    leaders: dict[int, list[int]] = defaultdict(list)
    rows = Membership.objects.filter(role=Role.PROJECT_LEADER, project__isnull=False, user__is_active=True)
    for project, user in rows.values_list("project_id", "user_id").order_by("project_id", "user_id"):
        leaders[project].append(user)
    return leaders


@predicate
def works_in_a_project(user: User) -> bool:
    """Has a role in a project; the agency and the administrators get no reminders."""
    return bool(user.project_ids())


PERMISSIONS = {
    # Everybody sees only their own reminders: `Reminder.objects.visible_to`.
    "reminders.list_own": works_in_a_project,
}
