"""The trial's report as CSV."""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from evaluation.trial.values import Flow, TrialReport
from jobfirst.exchange.writing import csv_text


class Cell(NamedTuple):
    """A figure of the report, one line of the file."""

    section: str
    what: str
    measure: str
    value: float | datetime.date | None


def report_csv(report: TrialReport, *, is_rehearsal: bool) -> str:
    """Return the report as CSV: one figure a line."""
    columns = (*Cell._fields, "on", "rehearsal")
    rehearsal = str(is_rehearsal).lower()
    return csv_text(columns, ((*cell, report.on.isoformat(), rehearsal) for cell in cells(report)))


def cells(report: TrialReport) -> Iterator[Cell]:
    """Return the figures of the report: stable codes, points as decimal marks."""
    for row in report.projects:
        for arm, pace in (("participant", row.participants), ("control", row.controls)):
            for measure in ("enrolled", "wanted", "missing", "forecast", "reached_on"):
                yield Cell("enrolment", row.project.slug, f"{arm}_{measure}", getattr(pace, measure))
        yield Cell("enrolment", row.project.slug, "waiting", row.waiting)
        yield Cell("enrolment", row.project.slug, "last_day", row.last_day)
    for mix in report.mix:
        for measure in ("participant_share", "control_share", "own_share"):
            yield Cell("mix", mix.municipality.pk, f"{measure}_a_percent", _rounded(getattr(mix, measure), 1))
        for measure in ("participant_difference", "control_difference"):
            yield Cell("mix", mix.municipality.pk, f"{measure}_points", _rounded(getattr(mix, measure), 1))
    yield from _flow_cells(report.flow)
    for line in report.balance:
        for measure in ("participants", "controls", "standardised", "band"):
            yield Cell("balance", str(line.label), measure, _rounded(getattr(line.difference, measure), 4))
    yield Cell("balance", "omnibus", "p", _rounded(report.omnibus, 3))
    yield Cell("balance", "omnibus", "replicates", report.replicates)
    yield Cell("guess", "convergence", "right", _rounded(report.guess, 4))
    yield Cell("guess", "convergence", "draws", report.guessed)


def _flow_cells(flow: Flow) -> Iterator[Cell]:
    for measure in ("assessed", "refused", "eligible", "waiting"):
        yield Cell("flow", "all", measure, getattr(flow, measure))
    for label, count in flow.reasons:
        yield Cell("flow", "refused", str(label), count)
    for arm, arm_flow in (("participant", flow.participants), ("control", flow.controls)):
        yield Cell("flow", arm, "drawn", arm_flow.drawn)
        if arm == "participant":
            yield Cell("flow", arm, "started", arm_flow.started)
        for label, count in [*arm_flow.left, *arm_flow.events]:
            yield Cell("flow", arm, str(label), count)
        yield Cell("flow", arm, "to_be_analysed", arm_flow.drawn)


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)
