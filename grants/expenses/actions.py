"""What a project leader does with vouchers: enter and withdraw them (D31)."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Project, User
from cases.actions.corrections import check_same_withdrawal
from grants.expenses import files
from grants.expenses.budget import Cost, Expenses, days_of_costs, sum_expenses
from grants.models import SALARIES, Award, CostCategory, Voucher
from jobfirst import clock
from jobfirst.kit.days import short_date
from jobfirst.values import money
from jobfirst.values.dates import DateSpan

#: The fields of a voucher that the sums need.
COST_FIELDS = ("municipality__name", "category", "amount", "statutory", "for_fixed_grant")


def enter(
    project: Project,
    user: User,
    fields: dict[str, Any],
    file: files.CheckedFile,
    *,
    last_day: datetime.date | None = None,
    budget_on: datetime.date | None = None,
    again: bool = False,
    submission: uuid.UUID | None = None,
) -> Voucher:
    """Enter a voucher with its file. Idempotent by `submission`, the token of the form.

    ValidationError for a day outside the project's costs (`last_day` is the last day allowed: today, in a
    rehearsal the project's end), for a file that is already a voucher of the project unless `again` confirms
    it, and for an amount above what is left of the category's budget on `budget_on` (None: confirmed).
    """
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if submission and (voucher := Voucher.objects.filter(submission=submission).first()):
            return voucher
        _check_day(project, fields["on"], last_day)
        questions = {} if again else _question_same_file(project, file)
        questions |= _question_above_budget(project, fields, budget_on) if budget_on else {}
        if questions:
            raise ValidationError(questions)
        voucher = Voucher(
            project=project,
            entered_by=user,
            submission=submission,
            file_type=file.kind,
            file_size=len(file.content),
            file_sha256=file.sha256,
            **fields,
        )
        voucher.full_clean(exclude=["submission"])
        files.store(file)
        voucher.save()
    return voucher


def _check_day(project: Project, day: datetime.date, last_day: datetime.date | None) -> None:
    days = days_of_costs(DateSpan(project.starts_on, project.ends_on), last_day)
    if day not in days:
        values = {"first": short_date(days.first), "last": short_date(days.last_day)}
        raise ValidationError({"on": _("A cost of this project is of %(first)s to %(last)s.") % values})


def _question_same_file(project: Project, file: files.CheckedFile) -> dict[str, str]:
    """Return the question to confirm if the file is already a voucher of the project, by form field."""
    earlier = (
        Voucher.objects.standing().filter(project=project, file_sha256=file.sha256).order_by("pk").first()
    )
    if earlier is None:
        return {}
    values = {"day": short_date(earlier.on), "amount": money.written(earlier.amount)}
    text = _(
        "This file is already the voucher of %(day)s, %(amount)s kroner. If it is to count once more, "
        "choose the file again and tick this box."
    )
    return {"again": text % values}


def _question_above_budget(project: Project, fields: dict[str, Any], day: datetime.date) -> dict[str, str]:
    """Return the question to confirm if the amount exceeds what is left of its category, by form field."""
    if fields["statutory"] or not Award.objects.begun(day).filter(project=project).exists():
        return {}
    lines = project_expenses(project, day).categories
    left = next(line.left for line in lines if line.category == fields["category"])
    if fields["amount"] <= left:
        return {}
    text = _(
        "Of the budget for %(category)s, %(amount)s kroner are left. If the voucher is to count all the "
        "same, choose the file again and tick this box."
    )
    values = {"category": CostCategory(fields["category"]).label, "amount": money.written(left)}
    return {"above": text % values}


@transaction.atomic
def withdraw(voucher: Voucher, user: User, reason: str) -> Voucher:
    """Withdraw a voucher from the sums; it stays listed, with the reason.

    Idempotent (`check_same_withdrawal`).
    """
    current = Voucher.objects.select_for_update().get(pk=voucher.pk)
    if current.is_erased:
        raise ValidationError(_("The voucher was erased by the rules of retention."))
    if current.withdrawn_at is not None:
        check_same_withdrawal(current, by=user, reason=reason)
        return current
    current.withdrawn_by, current.withdrawn_at, current.withdrawn_reason = user, clock.now(), reason
    current.version += 1
    current.save()
    return current


def project_expenses(project: Project, day: datetime.date) -> Expenses:
    """Return the project's expenses against the award in force on the day, in four queries."""
    awards = Award.objects.begun(day).filter(project=project)
    award = awards.prefetch_related("budget", "fixed_grants__municipality").first()
    budget = {line.category: line.amount for line in award.budget.all()} if award else {}
    fixed = {row.municipality.name: row.amount for row in award.fixed_grants.all()} if award else {}
    rows = Voucher.objects.standing().filter(project=project).values_list(*COST_FIELDS, named=True)
    costs = [
        Cost(row.municipality__name, row.category, row.amount, row.statutory, row.for_fixed_grant)
        for row in rows
    ]
    return sum_expenses(costs, budget, fixed, CostCategory.values, SALARIES)
