"""The agency's overview: the projects side by side as page, PDF and workbook. No citizen is named."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import requires
from audit.downloads import answers_with_file
from evaluation.comparison.measure_rows import drawn_measures, measure_rows
from evaluation.comparison.overview import ComparisonOverview, make_overview
from evaluation.comparison.summary import summarise
from evaluation.comparison.table import ComparisonTable, sheets
from evaluation.publication.due import awaited_cut_off
from jobfirst import clock
from jobfirst.exchange.writing import xlsx_bytes
from jobfirst.kit.pages import render_page
from jobfirst.kit.tables import paged
from jobfirst.kit.workbooks import XLSX
from jobfirst.pdf.documents import pdf_response, render_pdf


def _context(overview: ComparisonOverview | None) -> dict[str, Any]:
    return {"overview": overview, "summary": summarise(overview)} if overview else {"overview": None}


@require_safe
@requires("evaluation.view_trial")
def comparison(request: AuthenticatedRequest) -> HttpResponse:
    """Show the projects side by side on the same measures (`?sort=drop_out`)."""
    overview = make_overview()
    context = {**_context(overview), "awaited": awaited_cut_off(clock.today())}
    if overview is not None:
        context["table"] = paged(request, ComparisonTable(overview))
        context["drawn_measures"] = drawn_measures(overview)
    return render_page(request, "evaluation/comparison.html", context)


@answers_with_file
@require_safe
@requires("evaluation.view_trial")
def download_comparison(request: AuthenticatedRequest, file_format: str) -> HttpResponse:
    """Return the same numbers as PDF or workbook, and record that they were fetched."""
    overview = make_overview()
    if file_format not in {"pdf", "xlsx"} or overview is None:
        raise Http404
    name = f"projekterne-{overview.cut_off}.{file_format}"
    if file_format == "pdf":
        context = {
            **_context(overview),
            "table": ComparisonTable(overview),
            "measures": measure_rows(overview),
        }
        return pdf_response(render_pdf("evaluation/comparison_pdf.html", context), name)
    response = HttpResponse(xlsx_bytes(sheets(overview)), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
