"""What approving a statement and registering its payment does, in numbers, said before the button (D30)."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.models import Statement
from grants.presentation.figures import LabelledValue
from grants.reckoning.statement import ZERO, SubmittedStatement
from jobfirst.kit.days import short_date
from jobfirst.values import money


def _kroner(amount: Decimal) -> str:
    return _("%(amount)s kr.") % {"amount": money.written(amount)}


def of_approval(view: SubmittedStatement) -> list[LabelledValue]:
    """Return what is approved, what was approved before, and what the approval makes payable."""
    (statement,) = view.projects
    record = view.record
    events = ngettext("%(count)d event", "%(count)d events", len(statement.lines))
    parts = _("%(events)s: %(starts)d starts and %(completions)d completions") % {
        "events": events % {"count": len(statement.lines)},
        "starts": statement.starts,
        "completions": statement.completions,
    }
    rows = [
        LabelledValue(_("What is approved"), parts),
        LabelledValue(_("Earned to date"), _kroner(statement.earned_to_date)),
        LabelledValue(_("Ceiling"), _kroner(statement.ceiling)),
        LabelledValue(_("Approved before"), _kroner(statement.approved_before)),
        LabelledValue(_("of this registered as paid"), _kroner(statement.paid_before)),
    ]
    if statement.adjustments:
        count = len(statement.adjustments)
        words = ngettext("%(count)d adjustment, %(sum)s", "%(count)d adjustments, %(sum)s", count)
        rows.append(
            LabelledValue(_("Adjustments"), words % {"count": count, "sum": _kroner(statement.adjusted)})
        )
    rows.append(LabelledValue(_("To be paid out after the approval"), _kroner(record.paid)))
    if record.payable < ZERO:
        rows.append(LabelledValue(_("Carried over to the next statement"), _kroner(record.payable)))
    checked = (
        f"{record.checked_name}, {short_date(timezone.localdate(record.checked_at))}"
        if record.checked_at
        else ""
    )
    return [*rows, LabelledValue(_("Checked by"), checked)]


def approval_warnings() -> list[str]:
    """Return what cannot be changed once the statement is approved."""
    return [
        _("The statement can no longer be changed or sent back."),
        _("Later corrections of the courses become adjustments in the next statement."),
    ]


def of_payment(statement: Statement) -> list[LabelledValue]:
    """Return the sum that is registered as paid, who approved it, and what is paid in all afterwards."""
    approved = (
        f"{statement.approved_name}, {short_date(timezone.localdate(statement.approved_at))}"
        if statement.approved_at
        else ""
    )
    earlier = Statement.objects.filter(project=statement.project, state="paid")
    paid = sum(earlier.values_list("paid", flat=True), ZERO)
    return [
        LabelledValue(_("Registered as paid"), _kroner(statement.paid)),
        LabelledValue(_("Approved by"), approved),
        LabelledValue(_("Paid to the project before"), _kroner(paid)),
        LabelledValue(_("Paid in all afterwards"), _kroner(paid + statement.paid)),
    ]


def payment_warnings() -> list[str]:
    """Return what cannot be changed once the payment is registered."""
    return [
        _("The day, the sum and the reference can no longer be changed."),
        _("The sum counts as paid in the project's next statements."),
    ]
