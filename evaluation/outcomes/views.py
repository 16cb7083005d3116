"""The agency's page of results (D6), the same figures as a file, and the page of the second analysis (D59).

They show no single citizen.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from audit.access import requires
from audit.downloads import answers_with_file
from evaluation.outcomes.charts import groups_chart, hours_chart
from evaluation.outcomes.figures import OutcomeFigure, list_figures, months_of
from evaluation.outcomes.forms import PeriodForm
from evaluation.outcomes.period import OutcomePeriod, chosen_period
from evaluation.outcomes.results import TrialResults, trial_results
from evaluation.outcomes.second_analysis import second_analysis
from evaluation.outcomes.workbook import results_sheet
from evaluation.summaries.drawn_parts import PUBLISHED, drawn_once
from jobfirst import clock, mode
from jobfirst.exchange.writing import csv_file, xlsx_bytes
from jobfirst.kit.pages import render_page
from jobfirst.kit.workbooks import XLSX

CSV = "text/csv; charset=utf-8"


def _requested_form(request: AuthenticatedRequest) -> PeriodForm:
    """Return the form of the address, whose period is by default the whole one."""
    return PeriodForm(request.GET or None, whole=chosen_period(None, None))


def _results(form: PeriodForm) -> TrialResults:
    return trial_results(form.period, on=clock.today(), whole=form.whole)


@require_GET
@requires("evaluation.view_trial")
def results(request: AuthenticatedRequest) -> HttpResponse:
    """Show the effect on paid hours, the success criteria and the power, in the months of the address."""
    form = _requested_form(request)
    today, query = clock.today(), request.GET.urlencode()

    def draw() -> SafeString:
        outcome = _results(form)
        context: dict[str, Any] = {
            "results": outcome,
            "report": outcome.report,
            "hours_chart": hours_chart(outcome.months) if outcome.months else None,
            "groups_chart": groups_chart(outcome.subgroups),
            "today": today,
            "query": query,
        }
        return render_to_string("evaluation/results_part.html", context)

    part = drawn_once("results-2", (today, query), draw, more=[PUBLISHED])
    context = {"form": form, "part": part}
    return render_page(request, "evaluation/results.html", context, fragment="evaluation/drawn_part.html")


@answers_with_file
@require_GET
@requires("evaluation.view_trial")
def download_results(request: AuthenticatedRequest, file_format: str) -> HttpResponse:
    """Return the figures of the page: CSV with stable codes for programs, XLSX in words for people."""
    if file_format not in {"csv", "xlsx"}:
        raise Http404
    outcome = _results(_requested_form(request))
    header = (*OutcomeFigure._fields, "from", "to", "on", "rehearsal")
    columns_of_all = (clock.today().isoformat(), str(mode.is_rehearsal()).lower())
    rows = [
        (*figure, *_written_months(months_of(figure, outcome)), *columns_of_all)
        for figure in list_figures(outcome)
    ]
    if file_format == "csv":
        content, content_type = csv_file(header, rows), CSV
    else:
        content, content_type = xlsx_bytes([results_sheet(outcome, clock.today())]), XLSX
    response = HttpResponse(content, content_type=content_type)
    name = f"resultater-{clock.today()}.{file_format}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _written_months(period: OutcomePeriod | None) -> tuple[str | None, str | None]:
    return (f"{period.first:%Y-%m}", f"{period.last:%Y-%m}") if period else (None, None)


@require_GET
@requires("evaluation.view_trial")
def second_results(request: AuthenticatedRequest) -> HttpResponse:
    """Show the first analysis, and beside it those that take the deviations into account."""
    form = _requested_form(request)
    today, period = clock.today(), form.period
    limit = TrialTerms.objects.in_force_or_first(today).smallest_count
    analysis = second_analysis(period, on=today, limit=limit) if period else None
    context = {"form": form, "analysis": analysis, "today": today}
    return render_page(
        request, "evaluation/second_results.html", context, fragment="evaluation/second_results_part.html"
    )
