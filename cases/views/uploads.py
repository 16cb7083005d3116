"""Upload pages for referrals, functions and contacts of the sender's projects (docs/formats.md).

The saved rows and their access records are written in the same transaction: both in `load`.
"""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases import exchange, policy
from cases.import_reports import CitizenImportReport
from cases.presentation.reasons import in_words
from jobfirst import clock, mode
from jobfirst.exchange import FileTable
from jobfirst.kit.pages import render_page
from jobfirst.kit.upload import upload_page


@require_http_methods(["GET", "POST"])
@requires("cases.refer")
def upload_referrals(request: AuthenticatedRequest) -> HttpResponse:
    """Refer every citizen of a file."""
    projects = policy.projects_to_refer_in(request.user)

    def load(table: FileTable) -> CitizenImportReport:
        report = exchange.import_referrals(
            table, by=request.user, projects=projects, not_after=mode.last_day_allowed(clock.today())
        )
        record_shown(request.user, "referrals.upload", report.citizens)
        return report

    title, back_url = _("Refer from a file"), reverse("cases:referrals")
    return upload_page(
        request,
        title=title,
        columns=exchange.REFERRAL_FILE_COLUMNS,
        load=load,
        report_page=lambda report: _report_page(request, report, title, back_url),
        back_url=back_url,
    )


@require_http_methods(["GET", "POST"])
@requires("cases.upload")
def upload_functions(request: AuthenticatedRequest) -> HttpResponse:
    """Assign functions of courses from a file."""
    projects = policy.projects_to_upload_to(request.user)

    def load(table: FileTable) -> CitizenImportReport:
        report = exchange.import_functions(table, projects=projects)
        record_shown(request.user, "functions.upload", report.citizens)
        return report

    title = _("Functions from a file")
    return upload_page(
        request,
        title=title,
        columns=exchange.FUNCTION_COLUMNS,
        load=load,
        report_page=lambda report: _report_page(request, report, title, reverse("cases:upload_functions")),
    )


@require_http_methods(["GET", "POST"])
@requires("cases.upload")
def upload_contacts(request: AuthenticatedRequest) -> HttpResponse:
    """Record contacts and held meetings from a file."""
    projects = policy.projects_to_upload_to(request.user)

    def load(table: FileTable) -> CitizenImportReport:
        report = exchange.import_contacts(
            table, by=request.user, projects=projects, not_after=mode.last_day_allowed(clock.today())
        )
        record_shown(request.user, "contacts.upload", report.citizens)
        return report

    title = _("Contacts and meetings from a file")
    return upload_page(
        request,
        title=title,
        columns=exchange.CONTACT_COLUMNS,
        load=load,
        report_page=lambda report: _report_page(request, report, title, reverse("cases:upload_contacts")),
    )


def _report_page(
    request: AuthenticatedRequest, report: CitizenImportReport, title: str, back_url: str
) -> HttpResponse:
    """Answer with the report in words: the counts, and the refused lines with their reasons."""
    words = {
        "accepted": _("Eligible"),
        "assigned": _("Assigned"),
        "created": _("Recorded"),
        "updated": _("Changed"),
        "unchanged": _("There already"),
    }
    corrected = [(_("Changed"), len(report["corrected"]))] if "corrected" in report else []
    refused: list[dict[str, Any]] = report.get("refused", [])
    context = {
        "page_title": title,
        "back_url": back_url,
        "contradicted": report.get("contradicted", []),
        "counts": [(word, report[key]) for key, word in words.items() if key in report] + corrected,
        "refused": [
            {"line": refusal["line"], "reasons": in_words(refusal["reasons"])} for refusal in refused
        ],
    }
    return render_page(request, "kit/uploaded.html", context)
