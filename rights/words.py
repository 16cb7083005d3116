"""Words of retention and erasure."""

from django.utils.translation import gettext_lazy as _

from rights.erasure.blocking import Blocker
from rights.models import RetentionKind

#: From when the period of each kind runs.
BEGINNINGS = {
    RetentionKind.REFUSED: _("the last referral"),
    RetentionKind.UNDRAWN: _("the last day of the draw, or the last referral if that is later"),
    RetentionKind.CONTROL: _("the end of the project"),
    RetentionKind.PARTICIPANT: _("the end of the course, or of the project if that is later"),
    RetentionKind.STAFF: _("the day on which the account was closed"),
    RetentionKind.CONTACT: _("the last placement at the company, call or change"),
    RetentionKind.VOUCHER: _("the end of the financial year, or of the project if that is later"),
    RetentionKind.MESSAGE: _("the day on which it was sent"),
    RetentionKind.LINK: _("the day on which it was used or ran out"),
    RetentionKind.SIGN_IN: _("the day of the sign-in"),
    RetentionKind.ACCESS: _("the day of the record"),
}
#: Why somebody on a list was left out when it was carried out.
NOTES = {
    "gone": _("no longer there"),
    "not_due": _("no longer to be erased by the rules"),
    "changed": _("changed since the list was made"),
    **{blocker.value: blocker.label for blocker in Blocker},
}
