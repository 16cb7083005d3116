"""The trial's report as CSV."""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from evaluation.presentation.flow import eligible_bound
from evaluation.presentation.rounded import AT_LEAST, AT_MOST
from evaluation.trial.values import ConsortFlow, TrialReport
from jobfirst.exchange.writing import csv_file
from randomization.models import Arm


class ReportFigure(NamedTuple):
    """A figure of the report, a line of the file. The names of the fields are the file's columns.

    `bound` says that the number is rounded: at most, or at least so many.
    """

    section: str
    what: str
    measure: str
    value: float | datetime.date | None
    bound: str = ""


def report_csv(report: TrialReport, *, is_rehearsal: bool) -> bytes:
    """Return the report as a CSV file: one figure a line."""
    columns = (*ReportFigure._fields, "on", "rehearsal")
    rehearsal = str(is_rehearsal).lower()
    return csv_file(columns, ((*figure, report.on.isoformat(), rehearsal) for figure in list_figures(report)))


def list_figures(report: TrialReport) -> Iterator[ReportFigure]:
    """Yield the figures of the report, with stable codes and rounded values."""
    for row in report.projects:
        for arm, pace in (("participant", row.participants), ("control", row.controls)):
            for measure in ("enrolled", "forecast"):
                yield ReportFigure("enrolment", row.project.slug, f"{arm}_{measure}", getattr(pace, measure))
            for name, goal in (("target", pace.target), ("minimum", pace.minimum)):
                for measure, value in goal._asdict().items():
                    yield ReportFigure("enrolment", row.project.slug, f"{arm}_{name}_{measure}", value)
        yield ReportFigure("enrolment", row.project.slug, "waiting", row.waiting, AT_MOST)
        yield ReportFigure("enrolment", row.project.slug, "last_day", row.last_day)
    for mix in report.mix:
        for measure in ("participant_share", "control_share", "own_share"):
            yield ReportFigure(
                "mix", mix.municipality.pk, f"{measure}_a_percent", _rounded(getattr(mix, measure), 1)
            )
        for measure in ("participant_difference", "control_difference"):
            yield ReportFigure(
                "mix", mix.municipality.pk, f"{measure}_points", _rounded(getattr(mix, measure), 1)
            )
    yield from _flow_figures(report.flow)
    for line in report.balance:
        for measure in ("participants", "controls", "standardised", "band"):
            yield ReportFigure(
                "balance", str(line.label), measure, _rounded(getattr(line.difference, measure), 4)
            )
    yield ReportFigure("balance", "omnibus", "p", _rounded(report.omnibus, 3))
    yield ReportFigure("balance", "omnibus", "replicates", report.replicates)
    yield ReportFigure("guess", "convergence", "right", _rounded(report.guess, 4))
    yield ReportFigure("guess", "convergence", "draws", report.guessed)


def _flow_figures(flow: ConsortFlow) -> Iterator[ReportFigure]:
    for measure in ("assessed", "refused", "taken_back", "eligible", "waiting", "lapsed"):
        bound = eligible_bound(flow) if measure == "eligible" else AT_MOST
        yield ReportFigure("flow", "all", measure, getattr(flow, measure), bound)
    for label, count in flow.reasons:
        yield ReportFigure("flow", "refused", str(label), count)
    for arm, arm_flow in flow.arms:
        yield ReportFigure("flow", arm, "drawn", arm_flow.drawn)
        if arm == Arm.PARTICIPANT:
            yield ReportFigure("flow", arm, "started", arm_flow.started)
        for label, count in arm_flow.left or ():
            yield ReportFigure("flow", arm, str(label), count)
        for label, count in [*arm_flow.events, *arm_flow.deviations]:
            yield ReportFigure("flow", arm, str(label), count, AT_MOST)
        if flow.outcomes_until is None:
            yield ReportFigure("flow", arm, "to_be_analysed", arm_flow.drawn)
        else:
            yield ReportFigure("flow", arm, "without_outcome", arm_flow.without_outcome, AT_MOST)
            yield ReportFigure("flow", arm, "analysed", arm_flow.analysed, AT_LEAST)
    yield ReportFigure("flow", "all", "outcomes_until", flow.outcomes_until)


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)
