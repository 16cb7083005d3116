"""What a project leader does with vouchers: enters them, withdraws them (D31)."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Project, User
from grants.expenses import budget as expenses
from grants.expenses import files
from grants.models import SALARIES, Award, CostCategory, Voucher
from jobfirst import clock, money
from jobfirst.dates import DateSpan
from jobfirst.kit.limits import short

#: What the sums need of a voucher.
COST_FIELDS = ("municipality__name", "category", "amount", "statutory", "for_fixed_grant")


def enter(
    project: Project,
    user: User,
    fields: dict[str, Any],
    file: files.Checked,
    *,
    last_day: datetime.date | None = None,
    budget_on: datetime.date | None = None,
    again: bool = False,
    submission: uuid.UUID | None = None,
) -> Voucher:
    """Enter a voucher with its file. The same form sent twice enters one.

    ValidationError for a day that no cost of the project can have (`last_day` is the last one taken: today,
    in a rehearsal the project's end), for a file that is a voucher of the project already unless `again` says
    it is meant, and for an amount above what is left of the category's budget on `budget_on` (None: meant).
    """
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if submission and (made := Voucher.objects.filter(submission=submission).first()):
            return made
        _refuse_day(project, fields["on"], last_day)
        asked = {} if again else _same_file(project, file)
        asked |= _above_budget(project, fields, budget_on) if budget_on else {}
        if asked:
            raise ValidationError(asked)
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
        files.keep(file)
        voucher.save()
    return voucher


def _refuse_day(project: Project, day: datetime.date, last_day: datetime.date | None) -> None:
    days = expenses.days_of_costs(DateSpan(project.starts_on, project.ends_on), last_day)
    if day not in days:
        values = {"first": short(days.first), "last": short(days.last_day)}
        raise ValidationError({"on": _("A cost of this project is of %(first)s to %(last)s.") % values})


def _same_file(project: Project, file: files.Checked) -> dict[str, str]:
    """What to ask of a file that is a voucher of the project already, by the box it is asked beside."""
    same = Voucher.objects.standing().filter(project=project, file_sha256=file.sha256).order_by("pk").first()
    if same is None:
        return {}
    said = {"day": short(same.on), "amount": money.written(same.amount)}
    text = _(
        "This file is already the voucher of %(day)s, %(amount)s kroner. If it is to count once more, "
        "choose the file again and tick this box."
    )
    return {"again": text % said}


def _above_budget(project: Project, fields: dict[str, Any], day: datetime.date) -> dict[str, str]:
    """What to ask of an amount above what is left of its category, once the project has an award."""
    if fields["statutory"] or not Award.objects.begun(day).filter(project=project).exists():
        return {}
    lines = of_project(project, day).categories
    left = next(line.left for line in lines if line.category == fields["category"])
    if fields["amount"] <= left:
        return {}
    text = _(
        "Of the budget for %(category)s, %(amount)s kroner are left. If the voucher is to count all the "
        "same, choose the file again and tick this box."
    )
    said = {"category": CostCategory(fields["category"]).label, "amount": money.written(left)}
    return {"above": text % said}


@transaction.atomic
def withdraw(voucher: Voucher, user: User, reason: str) -> Voucher:
    """Take a voucher out of the sums; it stays to be seen, with the reason."""
    current = Voucher.objects.select_for_update().get(pk=voucher.pk)
    if current.withdrawn_at is not None:
        raise ValidationError(_("The voucher is withdrawn already."))
    current.withdrawn_by, current.withdrawn_at, current.withdrawn_reason = user, clock.now(), reason
    current.version += 1
    current.save()
    return current


def of_project(project: Project, day: datetime.date) -> expenses.Expenses:
    """The project's expenses against the award in force on the day, in four queries."""
    awards = Award.objects.begun(day).filter(project=project)
    award = awards.prefetch_related("budget", "fixed_grants__municipality").first()
    budget = {line.category: line.amount for line in award.budget.all()} if award else {}
    fixed = {row.municipality.name: row.amount for row in award.fixed_grants.all()} if award else {}
    rows = Voucher.objects.standing().filter(project=project).values_list(*COST_FIELDS, named=True)
    costs = [
        expenses.Cost(row.municipality__name, row.category, row.amount, row.statutory, row.for_fixed_grant)
        for row in rows
    ]
    return expenses.summed(costs, budget, fixed, CostCategory.values, SALARIES)
