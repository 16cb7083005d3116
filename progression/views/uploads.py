"""Upload page of progression answers; the rows and their access records are saved in one transaction."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases.import_reports import CitizenImportReport
from jobfirst import clock, mode
from jobfirst.exchange import FileTable
from jobfirst.kit.pages import render_page
from jobfirst.kit.upload import upload_page
from progression import exchange, policy


@require_http_methods(["GET", "POST"])
@requires("progression.upload")
def upload(request: AuthenticatedRequest) -> HttpResponse:
    """Record the answers of a file."""
    projects = policy.projects_to_upload_to(request.user)
    title, back_url = _("Progression answers from a file"), reverse("progression:upload")

    def load(table: FileTable) -> CitizenImportReport:
        report = exchange.import_progression(
            table, by=request.user, projects=projects, not_after=mode.last_day_allowed(clock.today())
        )
        record_shown(request.user, "progression.upload", report.citizens)
        return report

    def report_page(report: CitizenImportReport) -> HttpResponse:
        context = {
            "page_title": title,
            "back_url": back_url,
            "counts": [(_("Recorded"), report["created"]), (_("There already"), report["unchanged"])],
            "contradicted": report.get("contradicted", []),
            "refused": [],
        }
        return render_page(request, "kit/uploaded.html", context)

    return upload_page(request, title=title, columns=exchange.COLUMNS, load=load, report_page=report_page)
