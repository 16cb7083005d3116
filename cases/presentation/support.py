"""Needs, efforts and accommodations of a course as its pages read them, those entered in error included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

from django.db.models import Prefetch

from audit.withdrawals import Withdrawable
from cases.models import Accommodation, Course, ParallelEffort, UncoveredNeed

RowT = TypeVar("RowT", bound=Withdrawable)


def _everything(relation: str, model: Any) -> Prefetch[Any]:
    return Prefetch(relation, model.everything.select_related("withdrawn_by"), to_attr=f"all_{relation}")


#: What a page that shows them fetches along with the course.
SUPPORT_ROWS = (
    _everything("needs", UncoveredNeed),
    _everything("efforts", ParallelEffort),
    _everything("accommodations", Accommodation),
)


class SupportRows(NamedTuple):
    """The rows of a course, withdrawn ones included."""

    needs: list[UncoveredNeed]
    efforts: list[ParallelEffort]
    accommodations: list[Accommodation]


def support_rows(course: Course) -> SupportRows:
    """Return the rows of a course that was fetched with `SUPPORT_ROWS`; no query."""
    fetched: Any = course
    return SupportRows(fetched.all_needs, fetched.all_efforts, fetched.all_accommodations)


def standing(rows: Iterable[RowT]) -> list[RowT]:
    """Return the rows without those withdrawn as entered in error."""
    return [row for row in rows if not row.is_withdrawn]


def withdrawn(rows: Iterable[RowT]) -> list[RowT]:
    """Return the rows withdrawn as entered in error."""
    return [row for row in rows if row.is_withdrawn]
