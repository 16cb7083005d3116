"""The agency's pages of the ledger: the list by pseudonym, and the downloads."""

import json

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from audit.downloads import answers_with_file
from jobfirst import clock
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from randomization.filters import LedgerFilter
from randomization.ledger import export
from randomization.models import Allocation
from randomization.presentation import ledger as presentation
from randomization.tables import LedgerTable


@require_GET
@requires("randomization.view_ledger")
def ledger(request: AuthenticatedRequest) -> HttpResponse:
    """List the ledger by pseudonym, for the agency."""
    rows = Allocation.objects.select_related("stratum", "project", "citizen")
    filtered = LedgerFilter(request.GET, queryset=rows)
    table = paged(request, LedgerTable(filtered.qs))
    citizens = [row.citizen.public_id for row in table.records]
    if citizens:
        record_shown(request.user, table.access_action("randomization.ledger"), citizens)
    context = {
        "table": table,
        "filter": filtered,
        "empty": Empty(_("Nobody is drawn yet.")),
        "published": presentation.published_facts(),
    }
    return render_page(request, "randomization/ledger.html", context, fragment="kit/list_fragment.html")


@answers_with_file
@require_GET
@requires("randomization.view_ledger")
def download_ledger(request: AuthenticatedRequest) -> HttpResponse:
    """Return the ledger with what a third party needs to verify it: JSON (the default) or CSV."""
    project = None
    if slug := request.GET.get("project"):
        project = Project.objects.filter(slug=slug).first()
        if project is None:
            raise Http404
    rows = export.ledger_rows(project)
    exported = Allocation.objects.filter(pk__in=[row.pk for row in rows])
    record_shown(request.user, "randomization.export", exported.values_list("citizen__public_id", flat=True))
    subject = f"protokol-{project.slug}" if project else "protokol"
    if request.GET.get("format") == "csv":
        content, content_type = export.ledger_csv_file(rows), "text/csv; charset=utf-8"
        return _file_response(content, content_type, presentation.file_name(subject, "csv", clock.today()))
    document = json.dumps(export.ledger_document(rows, project))
    return _file_response(
        document, "application/json", presentation.file_name(subject, "json", clock.today())
    )


@answers_with_file
@require_GET
@requires("randomization.view_ledger")
def download_commitments(request: AuthenticatedRequest) -> HttpResponse:
    """Return the published commitments with the ledger's current head, as JSON, to verify against later."""
    document = json.dumps(export.published_document(), indent=1)
    return _file_response(
        document, "application/json", presentation.file_name("bindinger", "json", clock.today())
    )


def _file_response(content: str | bytes, content_type: str, file_name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["Cache-Control"] = "private, no-store"
    return response
