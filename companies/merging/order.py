"""Merges are undone in reverse order: which later ones stand in the way."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies.models import CompanyMerge, MergeRecord, WorkplaceMerge


def check_last(merge: MergeRecord) -> None:
    """Refuse to undo a merge while a later one of the same rows, or of their companies, stands; names it."""
    later = _later_merges(merge)
    if not later:
        return
    names = "; ".join(
        f"{row.duplicate} → {row.remaining} ({date_format(row.created_at)})"  # type: ignore[attr-defined]  # of the subclasses
        for row in later
    )
    text = _("Merges are undone in reverse order, the latest first. Undo this one first: %(merges)s.")
    raise ValidationError(text % {"merges": names}, code="later")


def _later_merges(merge: MergeRecord) -> list[MergeRecord]:
    """Return the standing later merges that rest on this one, the latest first."""
    if isinstance(merge, CompanyMerge):
        companies = {merge.duplicate_id, merge.remaining_id}
        of_rows = Q(duplicate=merge.remaining_id) | Q(remaining__in=companies)
        of_companies = CompanyMerge.objects.filter(of_rows)
        of_workplaces = WorkplaceMerge.objects.filter(
            Q(duplicate__company__in=companies) | Q(remaining__company__in=companies)
        )
    else:
        assert isinstance(merge, WorkplaceMerge)
        workplaces = {merge.duplicate_id, merge.remaining_id}
        companies = {merge.duplicate.company_id, merge.remaining.company_id}
        of_companies = CompanyMerge.objects.filter(Q(duplicate__in=companies) | Q(remaining__in=companies))
        of_workplaces = WorkplaceMerge.objects.filter(
            Q(duplicate=merge.remaining_id) | Q(remaining__in=workplaces)
        )
    later = [
        *of_companies.standing()
        .filter(created_at__gt=merge.created_at)
        .select_related("duplicate", "remaining"),
        *of_workplaces.standing()
        .filter(created_at__gt=merge.created_at)
        .select_related("duplicate", "remaining"),
    ]
    return sorted(later, key=lambda row: row.created_at, reverse=True)
