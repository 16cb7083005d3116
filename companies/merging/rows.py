"""The rows that refer to a company, which row two of a kind become, and what stands in the way of a merge."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet

from cases.actions.checks import locked_courses
from cases.models import Course
from companies.actions.company_locks import courses_at
from companies.extension_points import moving_rows
from companies.models import (
    Company,
    CompanyAcquaintance,
    CompanyCall,
    CompanyContact,
    CompanyNote,
    Dialogue,
    JobOpening,
    Match,
    Placement,
    Succession,
    Workplace,
)

#: What of this app moves with a company, in the order of the preview; `moving_rows` are those of others.
MOVING: tuple[type[Model], ...] = (
    Placement,
    Match,
    Dialogue,
    Workplace,
    CompanyContact,
    JobOpening,
    CompanyNote,
    CompanyCall,
    CompanyAcquaintance,
)

#: What of this app names a workplace, and moves to another one of the same company.
AT_WORKPLACES: tuple[type[Model], ...] = (Placement, Dialogue, JobOpening)


def moving_models() -> tuple[type[Model], ...]:
    """Return all models whose rows move with a company."""
    return (*MOVING, *moving_rows())


def workplace_models() -> tuple[type[Model], ...]:
    """Return all models whose rows move with a workplace."""
    return (*AT_WORKPLACES, *(model for model in moving_rows() if hasattr(model, "workplace_id")))


def rows_at(model: type[Model], company: Company) -> QuerySet[Any]:
    """Return the company's rows of the model by id, withdrawn placements included."""
    return model._base_manager.filter(company=company).order_by("pk")


class Pair(NamedTuple):
    """Two rows of which the merge makes one: what belongs to `removed` goes to `stays`."""

    stays: Any
    removed: Any


def paired_matches(duplicate: Company, remaining: Company) -> list[Pair]:
    """Return the matches of courses that have one with both companies: the older one stays."""
    return _of_both(Match, duplicate, remaining, "matched_on")


def paired_dialogues(duplicate: Company, remaining: Company) -> list[Pair]:
    """Return the dialogues of courses that have one with both companies: the older one stays."""
    return _of_both(Dialogue, duplicate, remaining, "created_at")


def _of_both(model: type[Model], duplicate: Company, remaining: Company, age: str) -> list[Pair]:
    theirs = {row.course_id: row for row in rows_at(model, remaining)}
    pairs = [(row, theirs[row.course_id]) for row in rows_at(model, duplicate) if row.course_id in theirs]
    return [Pair(*sorted(pair, key=lambda row: (getattr(row, age), row.pk))) for pair in pairs]


def paired_acquaintances(duplicate: Company, remaining: Company) -> list[Pair]:
    """Return who of a project knows both companies: what is said of the one that remains stays."""
    theirs = {(row.project_id, row.user_id): row for row in rows_at(CompanyAcquaintance, remaining)}
    return [
        Pair(theirs[row.project_id, row.user_id], row)
        for row in rows_at(CompanyAcquaintance, duplicate)
        if (row.project_id, row.user_id) in theirs
    ]


def paired_workplaces(duplicate: Company, remaining: Company) -> dict[int, Workplace]:
    """Return the remaining company's workplace with the same P-number, by the id of the duplicate's."""
    theirs = {row.p_number: row for row in rows_at(Workplace, remaining) if row.p_number}
    return {row.pk: theirs[row.p_number] for row in rows_at(Workplace, duplicate) if row.p_number in theirs}


def placements_in_the_way(duplicate: Company, remaining: Company) -> list[Placement]:
    """Return the duplicate's placements that would stand twice: of one kind and course, at one workplace, on
    the same days as one of the other company."""
    same = paired_workplaces(duplicate, remaining)
    theirs: dict[tuple[int, str], list[Placement]] = {}
    for placement in Placement.objects.filter(company=remaining):
        theirs.setdefault((placement.course_id, placement.kind), []).append(placement)
    rows = Placement.objects.filter(company=duplicate).select_related("course__citizen", "course__referral")
    return [
        placement
        for placement in rows.order_by("starts_on", "pk")
        if any(
            _is_at_same(placement, other, same) and placement.span.overlaps(other.span)
            for other in theirs.get((placement.course_id, placement.kind), ())
        )
    ]


def _is_at_same(placement: Placement, other: Placement, same: dict[int, Workplace]) -> bool:
    """Whether both may be at one workplace: one that is not known may be any of the company's."""
    if placement.workplace_id is None or other.workplace_id is None:
        return True
    return placement.workplace_id in same and same[placement.workplace_id].pk == other.workplace_id


def companies_concerned(duplicate: Company, remaining: Company) -> list[int]:
    """Return the ids of both companies, and of those that they took over: they get other days."""
    return [*Succession.objects.became(duplicate), *Succession.objects.became(remaining)]


def locked_courses_of(companies: Collection[int]) -> dict[int, Course]:
    """Return the courses with a placement, match, dialogue or activity at the companies (ids), locked, by id.

    Call under the lock of the companies.
    """
    ids = set(courses_at(companies).values_list("pk", flat=True))
    models: tuple[type[Model], ...] = (Dialogue, *moving_rows())
    for model in models:
        ids |= set(model._base_manager.filter(company__in=companies).values_list("course_id", flat=True))
    return locked_courses(ids)
