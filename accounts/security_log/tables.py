"""The list of security records."""

from typing import ClassVar

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from accounts.oidc.refusals import Refusal
from accounts.roles import Role, role_in_words
from audit.models import SecurityKind, SecurityRecord
from jobfirst.kit.tables import MISSING, Column, KitTable, MomentColumn

#: Codes in `SecurityRecord.detail`: how somebody signed in, or by which second step.
WAYS = {
    "password": _("by password"),
    "code": _("by code"),
    "totp": _("by code"),
    "webauthn": _("by security key"),
    "oidc": _("by the municipality"),
    "reset": _("reset by two administrators"),
    "recovery_codes": _("recovery codes"),
}


class SecurityFilter(filters.FilterSet):
    """The filter of the list: whose account, by whom, and what happened."""

    q = filters.CharFilter(label=_("Name or e-mail"), method="search")
    kind = filters.ChoiceFilter(label=_("What"), choices=SecurityKind.choices, empty_label=_("All events"))

    class Meta:
        model = SecurityRecord
        fields: ClassVar[list[str]] = ["kind"]

    def search(self, records: QuerySet[SecurityRecord], name: str, value: str) -> QuerySet[SecurityRecord]:
        people = User.objects.filter(Q(name__icontains=value) | Q(email__icontains=value)).values("pk")
        return records.filter(Q(subject__in=people) | Q(user__in=people))


class SecurityTable(KitTable):
    """Sign-ins, failures and changes of roles, newest first."""

    title = _("Sign-ins and roles")
    given_order = "-at"

    at = MomentColumn(verbose_name=_("When"))
    kind = Column(verbose_name=_("What"), accessor="get_kind_display", order_by="kind")
    subject = Column(verbose_name=_("Account"), accessor="subject__name", default=_("No such account"))
    detail = Column(verbose_name=_("Details of the event"), orderable=False)
    user = Column(verbose_name=_("By whom"), accessor="user__name", default=MISSING)
    ip = Column(verbose_name=_("IP address"), orderable=False)

    def render_detail(self, record: SecurityRecord) -> str:
        """A role with its project, or the way of signing in, in words."""
        code, _space, project = record.detail.partition(" ")
        if code in Role.values:
            return role_in_words(code, self._project_names.get(project, project))
        if code in Refusal.values:
            return str(Refusal(code).label)
        return str(WAYS.get(code, record.detail)) or MISSING

    @cached_property
    def _project_names(self) -> dict[str, str]:
        """The names of the projects by slug, fetched once a page."""
        return dict(Project.objects.values_list("slug", "name"))
