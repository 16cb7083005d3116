"""Who is told, and who may see it. The only place here that names roles."""

from collections import defaultdict

from rules.predicates import predicate

from accounts.models import Membership, User
from accounts.roles import Role


def project_leaders() -> dict[int, list[int]]:
    """The leaders' user ids of every project, by project id: who is told what concerns a whole project."""
    leaders: dict[int, list[int]] = defaultdict(list)
    rows = Membership.objects.filter(role=Role.PROJECT_LEADER, project__isnull=False, user__is_active=True)
    for project, user in rows.values_list("project_id", "user_id").order_by("project_id", "user_id"):
        leaders[project].append(user)
    return leaders


@predicate
def works_in_a_project(user: User) -> bool:
    """Has a role in a project; the agency and the administrators are reminded of nothing."""
    return bool(user.project_ids())


PERMISSIONS = {
    # A page of one's own; what stands on it is chosen by `Reminder.objects.visible_to`.
    "reminders.list_own": works_in_a_project,
}
