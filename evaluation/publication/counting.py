"""The counts of a cut-off, before anything is withheld."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from django.db.models import Count

from accounts.models import Project
from cases.models import Course, Referral
from cases.models.citizen import ReferralState
from evaluation.fidelity.counts import count_fidelity
from evaluation.measures.figures import figures
from evaluation.measures.values import Figure, Window
from evaluation.publication import plan
from jobfirst.values.dates import MONTH


@dataclass
class MeasureCounts:
    """A measure by project: how many count, of how many, and the sum of their amounts."""

    counted: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)

    def add(self, row: str, counted: int, rows: int, amount: Decimal = Decimal(0)) -> None:
        """Add the figure of a project."""
        self.counted[row], self.rows[row], self.amounts[row] = counted, rows, amount


@dataclass(frozen=True)
class CutOffCounts:
    """All counts of a cut-off: the measures by code, and the parts of the whole trial by code and reason."""

    measures: Mapping[str, MeasureCounts]
    parts: Mapping[str, Mapping[str, int]]


def count_cut_off(projects: Sequence[Project], cut_off: datetime.date) -> CutOffCounts:
    """Return what happened in the month before the cut-off and what stands on it; six queries."""
    window = Window(cut_off - MONTH, cut_off)
    by_measure = figures([*plan.COUNTED, plan.DRAWN], projects, window)
    counts = {code: _measure_counts(by_project, projects) for code, by_project in by_measure.items()}
    for fidelity in count_fidelity(projects, cut_off):
        for element in fidelity.elements:
            for code, number in (
                (plan.met(element.element), element.met),
                (plan.missed(element.element), element.missed),
            ):
                counts.setdefault(code, MeasureCounts()).add(fidelity.project.slug, number, fidelity.courses)
    counts[plan.INTERNSHIP] = _internships(projects, cut_off, counts[plan.DROP_OUT].rows)
    end_reasons: Counter[str] = Counter()
    for figure in by_measure[plan.DROP_OUT].values():
        end_reasons.update({reason: number for reason, number in figure.by_note.items() if reason})
    parts = {plan.END_REASON: end_reasons, plan.REFUSAL_REASON: _refusal_reasons(cut_off)}
    return CutOffCounts(counts, parts)


def _measure_counts(by_project: Mapping[int, Figure], projects: Sequence[Project]) -> MeasureCounts:
    counts = MeasureCounts()
    for project in projects:
        figure = by_project.get(project.pk, Figure())
        counts.add(project.slug, figure.counted, figure.rows, figure.amount)
    return counts


def _internships(
    projects: Sequence[Project], cut_off: datetime.date, begun: Mapping[str, int]
) -> MeasureCounts:
    """Return the courses in which an internship has begun by the cut-off, of those that have begun."""
    courses = Course.objects.filter(
        project__in=projects, started_on__lte=cut_off, internship_from__lte=cut_off
    ).order_by()
    numbers = Counter(dict(courses.values_list("project__slug").annotate(Count("pk"))))
    counts = MeasureCounts()
    for project in projects:
        counts.add(project.slug, numbers[project.slug], begun[project.slug])
    return counts


def _refusal_reasons(cut_off: datetime.date) -> Counter[str]:
    refused = Referral.objects.filter(state=ReferralState.REFUSED, referred_on__lt=cut_off).order_by()
    return Counter(chain.from_iterable(refused.values_list("reasons", flat=True)))
