"""What the page frame is told: what the roles are called, and the administrators' places in the menu."""

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from jobfirst.kit import navigation
from jobfirst.kit.navigation import NavItem

navigation.name_roles(Role.choices)

navigation.register(NavItem(_("Users"), "user_list", "accounts.manage_users", order=800, landing=70))
navigation.register(NavItem(_("Projects"), "project_list", "accounts.manage_projects", order=810))
