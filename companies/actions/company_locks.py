"""The lock on companies: what is new at a company shares it, take-overs and merges exclude everything else.

It is taken before the locks of courses (docs/architecture.md), so that whoever starts a placement reads the
take-overs that hold, and no placement is missed by what changes companies.
"""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from cases.actions.checks import locked_courses
from cases.models import Course
from companies.merging.lookup import remaining_company
from companies.models import Company, Match, Placement
from jobfirst.database.advisory_locks import LockKey, lock


def share_companies() -> None:
    """Let nobody put companies together, or take them over, until the transaction ends."""
    lock(LockKey.COMPANIES, shared=True)


def shared_company(company: Company) -> Company:
    """Return the company that the record leads to; it is not merged until the transaction ends."""
    share_companies()
    return remaining_company(company)


def lock_companies() -> None:
    """Let nothing new happen at any company until the transaction ends. Before the locks of courses."""
    lock(LockKey.COMPANIES)


def courses_at(companies: Collection[int] | QuerySet[Company]) -> QuerySet[Course]:
    """Return the courses with a placement, also a withdrawn one, or a match at one of the companies (ids)."""
    placements = Placement.everything.filter(company__in=companies).values("course_id")
    matches = Match.objects.filter(company__in=companies).values("course_id")
    return Course.objects.filter(Q(pk__in=placements) | Q(pk__in=matches))


def locked_courses_at(companies: Collection[int] | QuerySet[Company]) -> dict[int, Course]:
    """Return `courses_at` by id, locked. Call under `lock_companies`."""
    return locked_courses(list(courses_at(companies).values_list("pk", flat=True)))
