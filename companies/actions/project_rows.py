"""What a project keeps of a company itself: notes, calls, openings, and who knows the company (D39)."""

import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Project, User
from cases.actions.checks import changed
from cases.actions.corrections import (
    check_reason,
    check_standing_row,
    correct_record,
    is_own_slip,
    restore_record,
    withdraw_record,
)
from companies.actions.companies import locked_company
from companies.actions.company_locks import share_companies
from companies.actions.placement_rows import check_workplace
from companies.merging.lookup import remaining_company, remaining_workplace
from companies.models import Company, CompanyAcquaintance, CompanyCall, CompanyNote, JobOpening, ProjectRow
from jobfirst.kit.versioned import ensure_fresh, refuse_other_content

RowT = TypeVar("RowT", bound=ProjectRow)


@transaction.atomic
def write_note(
    company: Company,
    text: str,
    *,
    project: Project,
    by: User,
    submission: uuid.UUID | None = None,
) -> CompanyNote:
    """Write a project's note on a company."""
    return _make(CompanyNote, company, project, {"text": text}, submission, written_by=by)


@transaction.atomic
def record_call(
    company: Company,
    fields: Mapping[str, Any],
    *,
    project: Project,
    by: User,
    submission: uuid.UUID | None = None,
) -> CompanyCall:
    """Record that the user talked with a company; `fields` are those of the call's form."""
    _check_contact(company, project, fields)
    return _make(CompanyCall, company, project, fields, submission, called_by=by)


@transaction.atomic
def note_opening(
    company: Company,
    fields: Mapping[str, Any],
    *,
    project: Project,
    by: User,
    submission: uuid.UUID | None = None,
) -> JobOpening:
    """Note an opening that the project has found at a company; `fields` are those of its form."""
    return _make(
        JobOpening, company, project, _with_current_workplace(company, fields), submission, noted_by=by
    )


@transaction.atomic
def correct_row(
    row: RowT,
    fields: Mapping[str, Any],
    *,
    version: int,
    by: User | None = None,
    reason: str = "",
) -> RowT:
    """Correct a note, a call or an opening; the history keeps what stood there.

    A user gives the reason for a note or a call, unless it is a slip of the user's own (D41). An opening is
    kept up to date, and is asked for none.
    """
    company = locked_company(row.company)
    current = type(row)._base_manager.select_related("project").get(pk=row.pk)
    if isinstance(current, CompanyNote | CompanyCall):
        check_standing_row(current)
    ensure_fresh(current, version)
    _check_contact(company, current.project, fields)
    values = _with_current_workplace(company, fields)
    if isinstance(current, CompanyNote | CompanyCall):
        is_changed = any(getattr(current, name) != value for name, value in values.items())
        check_reason(reason, is_needed=is_changed and by is not None and not is_slip_of_row(current, by))
        correct_record(current, values, by=by, reason=reason)
    else:
        changed(current, values)
    return current


def is_slip_of_row(row: CompanyNote | CompanyCall, by: User) -> bool:
    """Whether the user may mend the row without a reason: the user's own, of the last hour."""
    return is_own_slip(row.author_id, row.created_at, by)


@transaction.atomic
def withdraw_row(
    row: CompanyNote | CompanyCall, *, by: User, reason: str = "", version: int | None = None
) -> None:
    """Withdraw a note or a call that was entered in error (`withdraw_record`); it stays, shown as such."""
    locked_company(row.company)
    current = type(row).everything.get(pk=row.pk)
    withdraw_record(current, by=by, reason=reason, is_own_slip=is_slip_of_row(current, by), version=version)


@transaction.atomic
def restore_row(
    row: CompanyNote | CompanyCall, *, by: User, reason: str = "", version: int | None = None
) -> None:
    """Let a note or a call stand again that was withdrawn by mistake (D41, `restore_record`)."""
    locked_company(row.company)
    restore_record(type(row).everything.get(pk=row.pk), by=by, reason=reason, version=version)


@transaction.atomic
def know_company(company: Company, how: str, *, project: Project, by: User) -> CompanyAcquaintance:
    """Record that the user knows the company, and how. Idempotent."""
    acquaintance, _new = CompanyAcquaintance.objects.update_or_create(
        company=locked_company(company), project=project, user=by, defaults={"how": how}
    )
    return acquaintance


@transaction.atomic
def forget_company(company: Company, *, by: User) -> None:
    """Remove that the user knows the company. Idempotent."""
    locked_company(company).acquaintances.filter(user=by).delete()


def _make(
    model: type[RowT],
    company: Company,
    project: Project,
    fields: Mapping[str, Any],
    submission: uuid.UUID | None,
    **made_by: User,
) -> RowT:
    """Create the row, or return the one that an earlier submission of the same form made."""
    company = locked_company(company)
    if submission is not None:
        earlier = model._default_manager.filter(submission=submission).first()
        if earlier is not None:
            refuse_other_content(earlier, {"company": company, "project": project, **fields})
            return earlier
    row: RowT = model._default_manager.create(
        company=company, project=project, submission=submission, **fields, **made_by
    )
    return row


def _check_contact(company: Company, project: Project, fields: Mapping[str, Any]) -> None:
    contact = fields.get("contact")
    if contact is None:
        return
    if contact.company_id != company.pk or contact.project_id not in (None, project.pk):
        raise ValidationError({"contact": _("The contact person must be at this company.")}, code="foreign")


def _with_current_workplace(company: Company, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with the workplace that the chosen one leads to; refuse one of another company."""
    workplace = fields.get("workplace")
    if workplace is None:
        return dict(fields)
    share_companies()
    workplace = remaining_workplace(workplace)
    check_workplace(remaining_company(company), workplace)
    return {**fields, "workplace": workplace}
