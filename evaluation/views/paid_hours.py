"""The paid hours of both arms (D20): what has been delivered, and the upload of a file. The agency's only."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases.import_reports import CitizenImportReport
from evaluation.paid_hours.delivered import delivered_months
from evaluation.paid_hours.exchange import PAID_HOURS_COLUMNS, import_paid_hours
from evaluation.paid_hours.table import DeliveredMonthTable
from jobfirst import clock, mode
from jobfirst.exchange import FileTable
from jobfirst.kit.editing import edit_page
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from jobfirst.kit.upload import upload_page


@require_safe
@requires("evaluation.import_paid_hours")
def paid_hours(request: AuthenticatedRequest) -> HttpResponse:
    """List the months with the number of citizens of each arm who have hours. No citizen is shown."""
    limit = TrialTerms.objects.in_force_or_first(clock.today()).smallest_count
    months = [month.rounded(limit) for month in delivered_months()]
    context = {
        "page_title": _("Paid hours"),
        "page_intro": _(
            "At least how many citizens have paid hours, of those drawn by the end of the month. Rounded, so "
            "that no number of few citizens is shown."
        ),
        "table": paged(request, DeliveredMonthTable(months)),
        "empty": Empty(
            _("No paid hours have been delivered yet."),
            reverse("evaluation:upload_paid_hours"),
            _("Read a file"),
        ),
    }
    return render_page(request, "evaluation/paid_hours.html", context, fragment="kit/list_fragment.html")


@edit_page
@requires("evaluation.import_paid_hours")
def upload_paid_hours(request: AuthenticatedRequest) -> HttpResponse:
    """Import paid hours of both arms from a file."""

    def load(table: FileTable) -> CitizenImportReport:
        report = import_paid_hours(table, not_after=mode.last_day_allowed(clock.today()))
        record_shown(request.user, "paid_hours.upload", report.citizens)
        return report

    def report_page(report: CitizenImportReport) -> HttpResponse:
        text = _("%(created)d months are new, %(updated)d corrected and %(unchanged)d the same.")
        messages.success(request, text % report)
        return redirect("evaluation:paid_hours")

    return upload_page(
        request,
        title=_("Paid hours from a file"),
        columns=PAID_HOURS_COLUMNS,
        load=load,
        report_page=report_page,
        back_url=reverse("evaluation:paid_hours"),
    )
