"""What the page frame is told about roles."""

from accounts.roles import Role
from jobfirst.kit import navigation

navigation.name_roles(Role.choices)
