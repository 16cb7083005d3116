"""The agency's pages of the ledger: by pseudonym, and what is published of the draw."""

import json
from typing import Any

from django.db.models import Subquery
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from jobfirst import clock, mode
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from randomization.filters import LedgerFilter
from randomization.ledger import export
from randomization.models import Allocation, Commitment
from randomization.tables import LedgerTable


def _filtered_ledger(request: AuthenticatedRequest) -> LedgerFilter:
    rows = Allocation.objects.select_related("stratum", "project")
    return LedgerFilter(request.GET, queryset=rows)


@require_GET
@requires("randomization.view_ledger")
def ledger(request: AuthenticatedRequest) -> HttpResponse:
    """The ledger by pseudonym, for the agency."""
    filtered = _filtered_ledger(request)
    table = paged(request, LedgerTable(filtered.qs.select_related("citizen")))
    shown = [row.record.citizen.public_id for row in table.paginated_rows]
    if shown:
        record_shown(request.user, "randomization.ledger", shown)
    context = {
        "table": table,
        "filter": filtered,
        "empty": Empty(_("Nobody is drawn yet.")),
        **_published(),
    }
    return render_page(request, "randomization/ledger.html", context, fragment="kit/list_fragment.html")


def _published() -> dict[str, Any]:
    """The commitments and the ledger's head as the page shows them."""
    last = Allocation.objects.order_by("-sequence")
    commitments = list(
        Commitment.objects.order_by("pk").annotate(
            head=Subquery(last.values("sequence")[:1]), head_hash=Subquery(last.values("row_hash")[:1])
        )
    )
    head = commitments[0] if commitments and commitments[0].head else None
    return {
        "head": head.head if head else None,
        "head_hash": bytes(head.head_hash).hex() if head else "",
        "commitments": [
            {
                "agency": bytes(one.agency_share_hash).hex(),
                "operator": bytes(one.operator_share_hash).hex(),
                "is_demo": one.demo_seed is not None,
            }
            for one in commitments
        ],
    }


@require_GET
@requires("randomization.view_ledger")
def download_ledger(request: AuthenticatedRequest) -> HttpResponse:
    """The ledger with what a third party needs to verify it: JSON (the default) or CSV."""
    project = None
    if slug := request.GET.get("project"):
        project = Project.objects.filter(slug=slug).first()
        if project is None:
            raise Http404
    rows = export.ledger_rows(project)
    shown = Allocation.objects.filter(pk__in=[row.pk for row in rows])
    record_shown(request.user, "randomization.export", shown.values_list("citizen__public_id", flat=True))
    if request.GET.get("format") == "csv":
        return _download(export.ledger_csv(rows), "text/csv; charset=utf-8", "csv", project)
    document = json.dumps(export.ledger_document(rows, project))
    return _download(document, "application/json", "json", project)


@require_GET
@requires("randomization.view_ledger")
def download_commitments(request: AuthenticatedRequest) -> HttpResponse:
    """What is published of the draw, with the ledger's head as it is now: keep it to verify by."""
    document = json.dumps(export.published_document(), indent=1)
    response = _download(document, "application/json", "json", None)
    response["Content-Disposition"] = _attachment("bindinger", "json")
    return response


def _download(text: str, content_type: str, ending: str, project: Project | None) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = _attachment(
        f"protokol-{project.slug}" if project else "protokol", ending
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _attachment(name: str, ending: str) -> str:
    rehearsal = "-oevelse" if mode.is_rehearsal() else ""
    return f'attachment; filename="lodtraekning-{name}{rehearsal}-{clock.today():%Y-%m-%d}.{ending}"'
