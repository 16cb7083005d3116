"""A statement's figures as people read them: on pages and in the PDF."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grants.reckoning.comparison import FigureChange
from grants.reckoning.expected_starts import ExpectedStarts
from grants.reckoning.figures import (
    EARNED_TO_DATE,
    FIGURES,
    PAYABLE,
    SINCE_LAST_APPROVED,
    Amount,
    StatementFigure,
)
from grants.reckoning.forecast import Forecast
from grants.reckoning.statement import ProjectStatement, StatementView
from jobfirst.values import money

NOTHING = "–"


class LabelledValue(NamedTuple):
    """A value with its label."""

    label: str | Promise
    value: Any


def figure_text(figure: StatementFigure, value: Amount) -> str:
    """Return the value as people write it: kroner and øre, or a number."""
    return money.written(Decimal(value)) if figure.is_money else number_format(value, 0, force_grouping=True)


def figure_rows(statement: ProjectStatement) -> list[LabelledValue]:
    """Return every figure of a project. A look back has nothing to be paid."""
    return [
        LabelledValue(
            figure.label,
            NOTHING
            if figure is PAYABLE and statement.approved_until
            else figure_text(figure, figure.of(statement)),
        )
        for figure in FIGURES
    ]


def since_rows(statement: ProjectStatement) -> list[LabelledValue]:
    """Return how earned to date comes about; empty when nothing was approved before."""
    if statement.latest_approved is None:
        return []
    return [
        LabelledValue(figure.label, figure_text(figure, figure.of(statement)))
        for figure in (*SINCE_LAST_APPROVED, EARNED_TO_DATE)
    ]


def total_rows(draft: StatementView) -> list[LabelledValue]:
    """Return the sum of every figure over the draft's projects."""
    return [LabelledValue(figure.label, figure_text(figure, draft.total(figure))) for figure in FIGURES]


def since_total_rows(draft: StatementView) -> list[LabelledValue]:
    """Return how earned to date comes about over all the draft's projects."""
    return [
        LabelledValue(figure.label, figure_text(figure, draft.total(figure)))
        for figure in (*SINCE_LAST_APPROVED, EARNED_TO_DATE)
    ]


class FigureChangeRow(NamedTuple):
    """A figure that has changed: its label, and the value then and now as people read it."""

    label: Promise
    was: str
    now: str


def change_rows(changes: Iterable[FigureChange]) -> list[FigureChangeRow]:
    """Return the changed figures for a page."""
    return [
        FigureChangeRow(
            change.figure.label,
            figure_text(change.figure, change.was),
            figure_text(change.figure, change.now),
        )
        for change in changes
    ]


def forecast_rows(forecast: Forecast, starts: ExpectedStarts) -> list[LabelledValue]:
    """Return the figures of a forecast for its page; `starts` are those that no placement shows yet."""
    cost = forecast.broken_course
    return [
        LabelledValue(_("Earned until today"), money.written(forecast.earned)),
        LabelledValue(_("Expected by the year's end"), money.written(forecast.expected)),
        LabelledValue(_("of this from running courses"), money.written(forecast.more)),
        LabelledValue(_("Starts ahead by registered placements"), str(forecast.starts_ahead)),
        LabelledValue(_("In the sniffing period, no internship registered"), str(starts.sniffing)),
        LabelledValue(_("of these expected to start by the year's end"), str(starts.by_year_end)),
        LabelledValue(_("Their starts, not included above"), money.written(starts.amount)),
        LabelledValue(_("Completions ahead"), str(forecast.completions_ahead)),
        LabelledValue(_("Ceiling"), money.written(forecast.ceiling)),
        LabelledValue(_("Room left in the ceiling"), money.written(forecast.ceiling_left)),
        LabelledValue(_("Expected beyond the ceiling, not paid"), money.written(forecast.beyond_ceiling)),
        LabelledValue(_("A broken course costs"), NOTHING if cost is None else money.written(cost)),
    ]
