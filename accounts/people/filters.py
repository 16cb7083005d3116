"""The filter of the list of users; its values stand in the address."""

import django_filters as filters
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from accounts.oidc.identities import without_stated_roles
from accounts.roles import Role

UNSTATED = "unstated"
STATES = [
    ("open", _("Open")),
    ("invited", _("Invited")),
    ("closed", _("Closed")),
    (UNSTATED, _("Roles not stated")),
]


class UserFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("Name or e-mail"), method="search")
    role = filters.ChoiceFilter(
        label=_("Role"), choices=Role.choices, method="with_role", empty_label=_("All roles")
    )
    project = filters.ModelChoiceFilter(
        label=_("Project"),
        queryset=Project.objects.order_by("name"),
        to_field_name="slug",
        method="in_project",
        empty_label=_("All projects"),
    )
    state = filters.ChoiceFilter(
        label=_("State"), choices=STATES, method="in_state", empty_label=_("All states")
    )

    class Meta:
        model = User
        fields: list[str] = []

    def search(self, users: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return users.filter(Q(name__icontains=value) | Q(email__icontains=value))

    def with_role(self, users: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return users.filter(memberships__role=value).distinct()

    def in_project(self, users: QuerySet[User], name: str, value: Project) -> QuerySet[User]:
        return users.filter(memberships__project=value).distinct()

    def in_state(self, users: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        is_invited = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return users.filter(
            {
                "open": Q(is_active=True) & ~is_invited,
                "invited": Q(is_active=True) & is_invited,
                "closed": Q(is_active=False),
                UNSTATED: without_stated_roles(),
            }[value]
        )
