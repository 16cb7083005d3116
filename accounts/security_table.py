"""The list of security records."""

from django.utils.translation import gettext_lazy as _

from accounts.oidc.refusals import Refusal
from accounts.roles import Role, role_in_words
from audit.models import SecurityRecord
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


class SecurityTable(KitTable):
    """Sign-ins, failures and changes of roles, newest first."""

    title = _("Sign-ins and roles")
    given_order = "-at"

    at = MomentColumn(verbose_name=_("When"))
    kind = Column(verbose_name=_("What"), accessor="get_kind_display", order_by="kind")
    subject = Column(verbose_name=_("Account"), accessor="subject__name", default=_("No such account"))
    detail = Column(verbose_name=_("More"), orderable=False)
    user = Column(verbose_name=_("By whom"), accessor="user__name", default=MISSING)
    ip = Column(verbose_name=_("IP address"), orderable=False)

    def render_detail(self, record: SecurityRecord) -> str:
        """A role with its project, or the way of signing in, in words."""
        code, _space, project = record.detail.partition(" ")
        if code in Role.values:
            return role_in_words(code, project)
        if code in Refusal.values:
            return str(Refusal(code).label)
        return str(WAYS.get(code, record.detail)) or MISSING
