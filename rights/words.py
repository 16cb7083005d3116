"""Words of retention and erasure."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rights.erasure.blocking import Blocker
from rights.models import RetentionKind, RetentionRule

#: From when the period of each kind runs.
BEGINNINGS = {
    RetentionKind.REFUSED: _("the last referral"),
    RetentionKind.UNDRAWN: _("the last day of the draw, or the last referral if that is later"),
    RetentionKind.CONTROL: _("the end of the project"),
    RetentionKind.PARTICIPANT: _(
        "the end of the course (or what is last known of it), or of the project if that is later"
    ),
    RetentionKind.STAFF: _("the day on which the account was closed"),
    RetentionKind.CONTACT: _("the last placement at the company, call or change"),
    RetentionKind.MEMBER: _("the day on which the member left, or the end of the project if that is earlier"),
    RetentionKind.VOUCHER: _("the end of the financial year, or of the project if that is later"),
    RetentionKind.MESSAGE: _("the day on which it was sent"),
    RetentionKind.LINK: _("the day on which it was used or ran out"),
    RetentionKind.SIGN_IN: _("the day of the sign-in"),
    RetentionKind.ACCESS: _("the day of the record"),
}
#: Why the rules that a system begins with are as they are (migrations 0002, 0005 and 0009).
FIRST_REASONS = (
    _("Default: a refusal can be complained of and explained for a year."),
    _("Default: a year after the draw has ended."),
    _("Default: the outcomes of the trial can be checked for five years after the project."),
    _("Default: five years after the course and the project, as the accounts of the grant."),
    _("Default: as long as the citizens' own data, whose access log names who saw them."),
    _("Default: two years after the last placement or call, when nobody needs the person."),
    _("Default: two years after the member left or the project ended; the minutes stay."),
    _("Default: five years after the financial year and the project, as accounts of the grant."),
    _("Default: a year, in which it can be asked whether somebody was told."),
    _("Default: two years, in which it can be asked who was sent a link, and when it was used."),
    _("Default: two years, in which a break-in can be looked into."),
    _("Default: two years; who saw whom stays as long as the citizen's own data."),
)
#: Why somebody on a list was left out when it was carried out.
NOTES = {
    "gone": _("no longer there"),
    "not_due": _("no longer to be erased by the rules"),
    "another_list": _("the list is another one than was approved"),
    "changed": _("changed since the list was made"),
    **{blocker.value: blocker.label for blocker in Blocker},
}


def reason_of(rule: RetentionRule) -> str:
    """Return the reason of the rule: as it was entered, or the system's own in the reader's language."""
    return rule.reason if rule.entered_by_id else gettext(rule.reason)
