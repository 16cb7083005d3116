"""The projects side by side as a list that sorts by every measure, and as the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.comparison.charts import in_order, unit_of, written
from evaluation.comparison.overview import ComparedFigure, ComparedMeasure, ComparisonOverview
from evaluation.measures.values import Measure, Unit
from jobfirst.exchange.writing import ExportSheet
from jobfirst.kit.days import written_day
from jobfirst.kit.tables import MISSING, Column, KitTable, NumberColumn


class MeasureColumn(NumberColumn):
    """A measure: the project's value, an asterisk when it is of an older day."""

    def __init__(self, measure: Measure) -> None:
        super().__init__(
            measure.label,
            accessor=f"values__{measure.code}",
            order_by=(f"values__{measure.code}__value", "project__name"),
        )
        self.measure = measure

    def text(self, value: ComparedFigure) -> SafeString | str:
        """The value: a share with its sign, a mean as its heading says."""
        text = written(self.measure, value, with_unit=self.measure.unit is Unit.SHARE)
        if not value.is_older or value.figure is None:
            return text
        older = gettext("as of %(day)s") % {"day": written_day(value.figure.cut_off)}
        return format_html('{}<abbr title="{}">*</abbr>', text, older)


class ComparisonTable(KitTable):
    """A project a row: its enrolment, and its value of each measure."""

    title = _("The projects side by side")
    default_order = ("project",)
    is_compact = True

    project = Column(verbose_name=_("Project"), accessor="project__name")
    participants = NumberColumn(verbose_name=_("Participants"), accessor="enrolled__participants")
    controls = NumberColumn(verbose_name=_("Controls"), accessor="enrolled__controls")
    target = NumberColumn(verbose_name=_("Target count"), accessor="enrolled__target")

    def __init__(self, overview: ComparisonOverview) -> None:
        super().__init__(overview.projects)
        for compared in overview.measures:
            self.columns[compared.measure.code] = MeasureColumn(compared.measure)


def sheets(overview: ComparisonOverview) -> Iterator[ExportSheet]:
    """Yield the sheets of the workbook: the projects side by side, the numbers of each measure, and what is
    measured."""
    headings = [
        *(gettext("Project"), gettext("Participants"), gettext("Controls"), gettext("Target count")),
        *(f"{compared.measure.label}, {unit_of(compared.measure)}" for compared in overview.measures),
    ]
    yield ExportSheet(gettext("Side by side"), headings, list(_side_by_side(overview)))
    numbers = [
        *(gettext("What is measured"), gettext("Project"), gettext("Value")),
        *(gettext("How many"), gettext("Out of"), gettext("As of")),
    ]
    yield ExportSheet(
        gettext("Numbers"), numbers, [row for compared in overview.measures for row in _numbers(compared)]
    )
    definitions = [gettext("What is measured"), gettext("Definition"), gettext("How many"), gettext("Out of")]
    yield ExportSheet(
        gettext("What is measured"),
        definitions,
        [
            [
                str(text)
                for text in (measure.label, measure.definition, measure.numerator, measure.denominator)
            ]
            for measure in (compared.measure for compared in overview.measures)
        ],
    )


def _side_by_side(overview: ComparisonOverview) -> Iterator[Sequence[object]]:
    for number, row in enumerate(overview.projects):
        values = [compared.projects[number].value for compared in overview.measures]
        enrolled = row.enrolled
        yield [row.project.name, enrolled.participants, enrolled.controls, enrolled.target, *values]
    enrolled = overview.enrolled
    totals = [compared.total.value for compared in overview.measures]
    yield [gettext("In all"), enrolled.participants, enrolled.controls, enrolled.target, *totals]


def _numbers(compared: ComparedMeasure) -> Iterator[Sequence[object]]:
    for row in [*in_order(compared), compared.total]:
        name = row.project.name if row.project else gettext("In all")
        figure: Any = row.figure
        numbers = [None, None, None] if figure is None else [*_counts(compared, row), figure.cut_off]
        yield [str(compared.measure.label), name, MISSING if row.value is None else row.value, *numbers]


def _counts(compared: ComparedMeasure, row: ComparedFigure) -> list[object]:
    """Return what the value is made of: how many or how much, of how many."""
    assert row.figure is not None
    amount = row.figure.amount if compared.measure.unit is Unit.MEAN else row.figure.counted
    return [amount, row.figure.rows]
