"""Who may do what with users and projects. Administrators manage accounts and see no citizens."""

from typing import Any

import rules

from accounts.roles import Role


@rules.predicate
def is_administrator(user: Any) -> bool:
    return user.has_role(Role.ADMINISTRATOR)


rules.add_perm("accounts.manage_users", is_administrator)
rules.add_perm("accounts.manage_projects", is_administrator)
