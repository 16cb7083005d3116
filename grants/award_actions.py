"""What the agency enters: awards (D25, D29, D31)."""

import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Municipality, Project
from grants.models import Award, BudgetLine, FixedGrant, GrantScheme, Statement


@transaction.atomic
def enter_award(
    project: Project,
    valid_from: datetime.date,
    target_count: int,
    user: Any,
    *,
    reason: str,
    fixed: dict[Municipality, Decimal],
    budget: dict[str, Decimal],
) -> Award:
    """Enter a project's award from a day on. ValidationError where it would change what is past.

    The day must be later than that of the award before it and than the cut-off of every approved statement;
    the fixed grant of a municipality is at most that of the terms in force on the day (D25).
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    _check_turn(project, valid_from)
    _check_fixed(valid_from, fixed)
    award = Award.objects.create(
        project=project, valid_from=valid_from, target_count=target_count, reason=reason, entered_by=user
    )
    FixedGrant.objects.bulk_create(
        [FixedGrant(award=award, municipality=place, amount=amount) for place, amount in fixed.items()]
    )
    BudgetLine.objects.bulk_create(
        [BudgetLine(award=award, category=category, amount=amount) for category, amount in budget.items()]
    )
    return award


def _check_turn(project: Project, valid_from: datetime.date) -> None:
    """Refuse a day that is not after the award before it and after every approved cut-off."""
    latest = Award.objects.filter(project=project).order_by("valid_from").last()
    if latest and valid_from <= latest.valid_from:
        raise ValidationError(
            {
                "valid_from": _("The day must be later than that of the award before it, %(day)s.")
                % {"day": latest.valid_from.isoformat()}
            }
        )
    approved = Statement.objects.approved().filter(project=project).order_by("cut_off").last()
    if approved and valid_from <= approved.cut_off:
        raise ValidationError(
            {
                "valid_from": _("A statement up to %(day)s is approved: the award must begin after it.")
                % {"day": approved.cut_off.isoformat()}
            }
        )


def _check_fixed(valid_from: datetime.date, fixed: dict[Municipality, Decimal]) -> None:
    """Refuse more than the terms of the day give a municipality, and a day without terms."""
    scheme = GrantScheme.objects.filter(valid_from__lte=valid_from).order_by("valid_from").last()
    if scheme is None:
        raise ValidationError(
            {
                "valid_from": _("No terms of the grant are in force on %(day)s.")
                % {"day": valid_from.isoformat()}
            }
        )
    if any(amount > scheme.fixed_grant for amount in fixed.values()):
        raise ValidationError(
            _("The fixed grant is at most %(amount)s kroner per municipality.")
            % {"amount": scheme.fixed_grant}
        )
