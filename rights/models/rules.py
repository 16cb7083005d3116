"""The rules of retention: how long each kind of data is kept, as dated rows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jobfirst.models import DatedQuerySet, append_only
from jobfirst.values import text_limits


class RetentionKind(models.TextChoices):
    """The kinds of data with a period of their own: citizens (`CITIZEN_KINDS`), persons, papers and records.

    `rights.erasure.due` and `rights.erasure.others` say when each period begins.
    """

    REFUSED = "refused", _("Citizens who were refused")
    UNDRAWN = "undrawn", _("Citizens who were never drawn")
    CONTROL = "control", _("Citizens of the control group")
    PARTICIPANT = "participant", _("Participants with their courses")
    STAFF = "staff", _("Staff who have left")
    CONTACT = "contact", _("Contact persons of companies")
    MEMBER = "member", _("Members of steering groups")
    VOUCHER = "voucher", _("Vouchers with their files")
    MESSAGE = "message", _("E-mails and text messages that were sent")
    LINK = "link", _("Links that were used or have run out")
    SIGN_IN = "sign_in", _("Sign-ins")
    ACCESS = "access", _("Network addresses in the access log")


#: The kinds of which a row of a list is a citizen.
CITIZEN_KINDS = frozenset(
    {RetentionKind.REFUSED, RetentionKind.UNDRAWN, RetentionKind.CONTROL, RetentionKind.PARTICIPANT}
)
#: The kinds of which a row of a list is all rows up to a day (`ErasureItem.begins_on`).
BULK_KINDS = frozenset(
    {RetentionKind.MESSAGE, RetentionKind.LINK, RetentionKind.SIGN_IN, RetentionKind.ACCESS}
)


class RetentionRule(models.Model):
    """How many months a kind of data is kept from the beginning of its period; None: without end.

    The row in force on a day decides. Rows never change: another period is a new row with its day and reason.
    `is_own_choice` marks what no law gives.
    """

    kind = models.CharField(_("kind of data"), max_length=20, choices=RetentionKind)
    valid_from = models.DateField(_("valid from"))
    months = models.PositiveSmallIntegerField(_("months kept"), null=True, blank=True)
    is_own_choice = models.BooleanField(_("the project's own choice"), default=True)
    reason = models.TextField(_("reason"), max_length=text_limits.REASON)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    entered_at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of retention")
        verbose_name_plural = _("rules of retention")
        ordering = ["kind", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "valid_from"],
                name="rights_retention_rule_once",
                violation_error_message=_("There is a rule for this kind from this day already."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="rights_retention_rule_reason"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} {self.valid_from}"
