"""The figures of the results as a workbook for people: the codes of the file for programs in words."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import TargetGroup
from evaluation.outcomes.figures import list_figures, months_of
from evaluation.outcomes.period import OutcomePeriod
from evaluation.outcomes.results import TrialResults
from evaluation.presentation.rounded import AT_LEAST, AT_MOST, has_sign
from evaluation.rules.criteria import Verdict
from jobfirst.exchange.writing import ExportSheet
from jobfirst.mode import is_rehearsal

SECTIONS: Mapping[str, str | Promise] = {
    "arms": gettext_lazy("Both arms"),
    "effect": gettext_lazy("Effect on paid hours"),
    "randomisation_test": gettext_lazy("Randomisation test"),
    "criteria": gettext_lazy("Success criteria"),
    "target_groups": gettext_lazy("By target group"),
    "interaction": gettext_lazy("Difference between the target groups"),
    "bounds": gettext_lazy("Missing months"),
    "months_since_draw": gettext_lazy("By months since the draw"),
    "power": gettext_lazy("What the trial can find"),
}
SUBJECTS: Mapping[str, str | Promise] = {
    "participant": gettext_lazy("Participants"),
    "control": gettext_lazy("Controls"),
    "difference": gettext_lazy("Difference"),
    "ratio": gettext_lazy("Ratio"),
    "all": gettext_lazy("All projects"),
    "twice_the_hours": gettext_lazy("Twice the paid hours"),
    "three_quarters_progressed": gettext_lazy("Progression"),
    "best": gettext_lazy("Best case"),
    "worst": gettext_lazy("Worst case"),
    **{group.value: group.label for group in TargetGroup},
}
MEASURES: Mapping[str, str | Promise] = {
    "drawn": gettext_lazy("Drawn"),
    "analysed": gettext_lazy("With outcome"),
    "without_outcome": gettext_lazy("Without outcome"),
    "citizen_months": gettext_lazy("Months"),
    "missing_months": gettext_lazy("Missing months"),
    "mean_hours": gettext_lazy("Hours a month"),
    "share_any": gettext_lazy("Share with any hours"),
    "estimate": gettext_lazy("Estimate"),
    "low": gettext_lazy("Lower end of the 95 % interval"),
    "high": gettext_lazy("Upper end of the 95 % interval"),
    "p": gettext_lazy("p-value"),
    "draws": gettext_lazy("Repetitions of the draw"),
    "verdict": gettext_lazy("Judged as"),
    "n": gettext_lazy("Answered at least twice"),
    "progressed": gettext_lazy("Of these with progression"),
    "citizens": gettext_lazy("Citizens"),
    "standard_deviation": gettext_lazy("Spread of the controls' hours"),
    "participants": gettext_lazy("Participants"),
    "controls": gettext_lazy("Controls"),
    "detectable": gettext_lazy("Difference found, hours"),
    "planned": gettext_lazy("With the target count"),
}
VERDICTS: Mapping[str, str | Promise] = {
    Verdict.MET: gettext_lazy("Goal met"),
    Verdict.NOT_MET: gettext_lazy("Not met"),
    Verdict.TOO_EARLY: gettext_lazy("Too early to say"),
}

BOUNDS: Mapping[str, str | Promise] = {AT_MOST: gettext_lazy("at most"), AT_LEAST: gettext_lazy("at least")}


def results_sheet(results: TrialResults, on: datetime.date) -> ExportSheet:
    """Return the sheet with every figure of the results as of the day."""
    names = {row.project.slug: row.project.name for row in results.power.projects if row.project}
    header = [
        *(_("Section"), _("What is counted"), _("Measure"), _("Value"), _("Rounded")),
        *(_("From month"), _("To month"), _("As of"), _("Rehearsal")),
    ]
    rows = []
    for figure in list_figures(results):
        subject = ", ".join(_subject(part, names) for part in figure.what.split("/"))
        value: Any = VERDICTS.get(str(figure.value), figure.value)
        value = str(value) if isinstance(value, Promise) else value
        words = (str(SECTIONS[figure.section]), subject, str(MEASURES[figure.measure]))
        bound = str(BOUNDS[figure.bound]) if has_sign(figure.value, figure.bound) else ""
        months = _written_months(months_of(figure, results))
        rows.append([*words, value, bound, *months, on, _("Yes") if is_rehearsal() else _("No")])
    return ExportSheet(_("Results"), header, rows)


def _written_months(period: OutcomePeriod | None) -> list[str | None]:
    return [date_format(month, "F Y") for month in (period.first, period.last)] if period else [None, None]


def _subject(code: str, names: Mapping[str, str]) -> str:
    """Return what a figure is about: an arm, a project, the number of a month since the draw."""
    if code.isdigit():
        return _("Month %(number)s") % {"number": code}
    return str(SUBJECTS.get(code) or names.get(code, code))
