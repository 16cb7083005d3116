"""What a project leader does with vouchers: enters them, withdraws them (D31)."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Project
from grants import expenses, voucher_files
from grants.models import SALARIES, Award, Category, Voucher
from jobfirst import clock


def enter(
    project: Project,
    user: Any,
    fields: dict[str, Any],
    file: voucher_files.Checked,
    *,
    submission: uuid.UUID | None = None,
) -> Voucher:
    """Enter a voucher with its file. The same form sent twice enters one."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if submission and (made := Voucher.objects.filter(submission=submission).first()):
            return made
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
        voucher_files.keep(file)
        voucher.save()
    return voucher


@transaction.atomic
def withdraw(voucher: Voucher, user: Any, reason: str) -> Voucher:
    """Take a voucher out of the sums; it stays to be seen, with the reason."""
    current = Voucher.objects.select_for_update().get(pk=voucher.pk)
    if current.withdrawn_at is not None:
        raise ValidationError(_("The voucher is withdrawn already."))
    current.withdrawn_by, current.withdrawn_at, current.withdrawn_reason = user, clock.now(), reason
    current.version += 1
    current.save()
    return current


def of_project(project: Project) -> expenses.Expenses:
    """The project's expenses against its latest award, in four queries."""
    award = (
        Award.objects.filter(project=project).prefetch_related("budget", "fixed_grants__municipality").first()
    )
    budget = {line.category: line.amount for line in award.budget.all()} if award else {}
    fixed = {row.municipality.name: row.amount for row in award.fixed_grants.all()} if award else {}
    names = ("municipality__name", "category", "amount", "statutory", "for_fixed_grant")
    rows = Voucher.objects.standing().filter(project=project).values_list(*names)
    costs = [expenses.Cost(*row) for row in rows]
    return expenses.summed(costs, budget, fixed, Category.values, SALARIES)
