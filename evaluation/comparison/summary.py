"""What is behind and what is ahead, in sentences: the same numbers as the table and the charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from evaluation.comparison.overview import ComparedMeasure, ComparedProject, ComparisonOverview


class ComparisonSummary(NamedTuple):
    """The sentences of the whole trial, of what is behind, and of what is ahead."""

    whole: list[str]
    behind: list[str]
    ahead: list[str]


def summarise(overview: ComparisonOverview) -> ComparisonSummary:
    """Return what stands out: enrolment beside an even pace, and shares far from that of the whole trial."""
    enrolled = overview.enrolled
    whole = [
        _("%(participants)s participants and %(controls)s controls are drawn, of %(target)s and %(target)s.")
        % {
            "participants": number_format(enrolled.participants, force_grouping=True),
            "controls": number_format(enrolled.controls, force_grouping=True),
            "target": number_format(enrolled.target, force_grouping=True),
        },
        _pace(enrolled.ahead, enrolled.expected),
    ]
    behind = list(_enrolment_sentence(_("Enrolment is behind"), overview, is_ahead=False))
    ahead = list(_enrolment_sentence(_("Enrolment is ahead"), overview, is_ahead=True))
    for compared in overview.measures:
        if compared.is_share and compared.total.value is not None:
            behind += _distance_sentence(compared, overview.points_apart, is_better=False)
            ahead += _distance_sentence(compared, overview.points_apart, is_better=True)
    return ComparisonSummary(whole, behind, ahead)


def _pace(ahead: int, expected: int) -> str:
    words = {
        "expected": number_format(expected, force_grouping=True),
        "number": number_format(abs(ahead), force_grouping=True),
    }
    if ahead < 0:
        return (
            _("An even pace would have given %(expected)s participants by now: %(number)s are missing.")
            % words
        )
    if ahead > 0:
        return (
            _("An even pace would have given %(expected)s participants by now: %(number)s more are drawn.")
            % words
        )
    return _("That is what an even pace gives.")


def _enrolment_sentence(label: str, overview: ComparisonOverview, *, is_ahead: bool) -> Iterator[str]:
    """Yield a sentence with the projects that are further from the even pace than the slack of the terms."""
    rows = [row for row in overview.projects if _is_apart(row) and (row.enrolled.ahead > 0) is is_ahead]
    names = [f"{row.project.name} ({row.enrolled.ahead:+d})".replace("-", "−") for row in rows]
    if names:
        yield f"{label}: {', '.join(names)}."


def _is_apart(row: ComparedProject) -> bool:
    return abs(row.enrolled.ahead) * 100 > row.enrolled.target * row.slack_percent


def _distance_sentence(compared: ComparedMeasure, points_apart: int, *, is_better: bool) -> Iterable[str]:
    """Return a sentence with the projects whose share is far from that of the whole trial, or nothing."""
    total = compared.total.value or Decimal(0)
    wants_more = compared.measure.counts_are_good is is_better
    names = []
    for row in compared.projects:
        distance = (row.value or Decimal(0)) - total
        if (
            row.value is not None
            and row.project
            and abs(distance) >= points_apart
            and (distance > 0) is wants_more
        ):
            names.append(f"{row.project.name} ({number_format(round(row.value))} %)")
    if not names:
        return []
    return [
        _("%(measure)s, %(share)s %% in all: %(projects)s.")
        % {
            "measure": compared.measure.label,
            "share": number_format(round(total)),
            "projects": ", ".join(names),
        }
    ]
