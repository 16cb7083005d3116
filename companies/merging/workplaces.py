"""Put two workplaces of one company together, and take them apart again: as two records of a company."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, refuse
from companies.actions.company_locks import lock_companies
from companies.actions.successions import not_alone
from companies.merging.actions import follow_merge, in_the_way_words
from companies.merging.changes import Change, ChangeLog, undo
from companies.merging.order import check_last
from companies.merging.rows import locked_courses_of, workplace_models
from companies.models import Company, Placement, Succession, Workplace, WorkplaceMerge
from companies.policy import may_merge_companies
from jobfirst.kit.versioned import ensure_fresh, refuse_other_content
from jobfirst.row_security.context import all_projects


@all_projects("what the projects share of a company is changed for all of them")
@transaction.atomic
def merge_workplaces(
    duplicate: Workplace,
    remaining: Workplace,
    *,
    reason: str,
    by: User,
    submission: uuid.UUID | None = None,
) -> WorkplaceMerge:
    """Put everything at `duplicate` at `remaining`, and close it. Idempotent: the same again returns the
    standing merge. Refused while placements would stand twice."""
    lock_companies()
    duplicate, remaining = _stored(duplicate), _stored(remaining)
    content = {"duplicate": duplicate, "remaining": remaining}
    if submission and (earlier := WorkplaceMerge.objects.filter(submission=submission).first()) is not None:
        refuse_other_content(earlier, content)
        return earlier
    standing = WorkplaceMerge.objects.standing().filter(**content).first()
    if standing is not None:
        return standing
    check_workplace_merge(duplicate, remaining, by)
    courses = locked_courses_of(companies_of(remaining.company))
    blocking = workplace_placements_in_the_way(duplicate, remaining)
    if blocking:
        raise ValidationError(in_the_way_words(blocking, by), code="in_the_way")
    merge = WorkplaceMerge.objects.create(
        **content,
        reason=reason.strip(),
        merged_by=by,
        submission=submission,
        changes=_put_together(duplicate, remaining),
    )
    follow_merge(courses, [remaining.company])
    return merge


@all_projects("what the projects share of a company is changed for all of them")
@transaction.atomic
def undo_workplace_merge(merge: WorkplaceMerge, *, by: User, version: int | None = None) -> WorkplaceMerge:
    """Put back what was moved and still stands where it was put, and nothing else. Idempotent."""
    lock_companies()
    merge = WorkplaceMerge.objects.select_related("duplicate__company", "remaining__company").get(pk=merge.pk)
    if merge.undone_at is not None:
        return merge
    ensure_fresh(merge, version)
    company = merge.remaining.company
    if not may_merge_companies(by, companies_of(company)):
        raise ValidationError(not_alone(), code="shared")
    check_last(merge)
    _check_number_is_free(merge)
    courses = locked_courses_of(companies_of(company))
    for change in reversed(merge.changes):
        undo(change)
    changed(merge, {"undone_at": timezone.now(), "undone_by": by})
    follow_merge(courses, [company])
    return merge


@all_projects("what the projects share of a company is changed for all of them")
def check_workplace_merge(duplicate: Workplace, remaining: Workplace, by: User) -> None:
    """Refuse workplaces that cannot be put together, or not by this user. Final only under the lock."""
    if duplicate == remaining or duplicate.company_id != remaining.company_id:
        raise refuse("remaining", _("Choose two workplaces of one company."), "same")
    if WorkplaceMerge.objects.standing().filter(duplicate__in=(duplicate, remaining)).exists():
        text = _("One of the two has been put together with another one already.")
        raise ValidationError(text, code="merged")
    if not may_merge_companies(by, companies_of(remaining.company)):
        raise ValidationError(not_alone(), code="shared")


def companies_of(company: Company) -> list[int]:
    """Return the ids of the company and of those that it took over: days go on at the same P-number."""
    return Succession.objects.became(company)


def workplace_placements_in_the_way(duplicate: Workplace, remaining: Workplace) -> list[Placement]:
    """Return the duplicate's placements that would stand twice: of one kind and course, on the same days."""
    theirs: dict[tuple[int, str], list[Placement]] = {}
    for placement in Placement.objects.filter(workplace=remaining):
        theirs.setdefault((placement.course_id, placement.kind), []).append(placement)
    rows = Placement.objects.filter(workplace=duplicate).select_related("course__citizen", "course__referral")
    return [
        placement
        for placement in rows.order_by("starts_on", "pk")
        if any(
            placement.span.overlaps(other.span)
            for other in theirs.get((placement.course_id, placement.kind), ())
        )
    ]


def missing_facts(duplicate: Workplace, remaining: Workplace) -> dict[str, object]:
    """Return the facts that only the duplicate has, for the one that remains; an address is one fact."""
    names = [
        name
        for name in ("name", "p_number", "ordinary_employees")
        if getattr(remaining, name) in ("", None) and getattr(duplicate, name) not in ("", None)
    ]
    if duplicate.address and not remaining.address:
        names += ["street", "postal_code", "town"]
    return {name: getattr(duplicate, name) for name in names}


def _put_together(duplicate: Workplace, remaining: Workplace) -> list[Change]:
    """Move every row, and fill in the facts that the remaining one lacks; return what was done, in order."""
    log = ChangeLog()
    for model in workplace_models():
        for row in model._base_manager.filter(workplace=duplicate).order_by("pk"):
            log.change(row, workplace_id=remaining.pk)
    facts = missing_facts(duplicate, remaining)
    is_closed = duplicate.is_closed and remaining.is_closed
    if "p_number" in facts:  # a company has a P-number once
        log.change(duplicate, is_closed=True, p_number="")
    else:
        log.change(duplicate, is_closed=True)
    log.change(remaining, **facts, is_closed=is_closed)
    return log.changes


def _check_number_is_free(merge: WorkplaceMerge) -> None:
    """Refuse when the P-number that goes back to the duplicate is that of a third workplace meanwhile."""
    numbers = [
        change["before"]["p_number"]
        for change in merge.changes
        if change["id"] == merge.duplicate_id and "p_number" in change.get("before", {})
    ]
    others = Workplace.objects.filter(company=merge.duplicate.company, p_number__in=numbers)
    other = others.exclude(pk__in=(merge.duplicate_id, merge.remaining_id)).first()
    if other is not None:
        text = _("%(workplace)s has got the P-number %(number)s meanwhile. Correct it there first.")
        raise ValidationError(text % {"workplace": other, "number": other.p_number}, code="number")


def _stored(workplace: Workplace) -> Workplace:
    return Workplace.objects.select_related("company").get(pk=workplace.pk)


@dataclass(frozen=True)
class WorkplaceMergePreview:
    """What putting two workplaces together would do: `numbers` by kind of row, and the facts filled in.

    `refusal` says why it cannot be done; whoever may not do it reads no number.
    """

    duplicate: Workplace
    remaining: Workplace
    refusal: str
    numbers: list[tuple[str, int]]
    facts: list[tuple[str, object]]


@all_projects("what would move is counted in every project")
def preview_workplace_merge(duplicate: Workplace, remaining: Workplace, user: User) -> WorkplaceMergePreview:
    """Return what putting the two together would do."""
    try:
        check_workplace_merge(duplicate, remaining, user)
    except ValidationError as error:
        return WorkplaceMergePreview(duplicate, remaining, " ".join(error.messages), [], [])
    blocking = workplace_placements_in_the_way(duplicate, remaining)
    counts = [(_plural(model), _count(model, duplicate)) for model in workplace_models()]
    facts = [
        (capfirst(str(Workplace._meta.get_field(name).verbose_name)), value)  # type: ignore[union-attr]  # no relation
        for name, value in missing_facts(duplicate, remaining).items()
        if value not in ("", None)
    ]
    refusal = in_the_way_words(blocking, user) if blocking else ""
    numbers = [(label, number) for label, number in counts if number] or counts[:1]
    return WorkplaceMergePreview(duplicate, remaining, refusal, numbers, facts)


def _plural(model: type[Model]) -> str:
    return capfirst(str(model._meta.verbose_name_plural))


def _count(model: type[Model], workplace: Workplace) -> int:
    return model._base_manager.filter(workplace=workplace).count()


def workplace_merges_of(company: Company) -> list[WorkplaceMerge]:
    """Return the standing merges of the company's workplaces: one query."""
    merges = WorkplaceMerge.objects.standing().filter(remaining__company=company)
    return list(merges.select_related("duplicate", "remaining"))
