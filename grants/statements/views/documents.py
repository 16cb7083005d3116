"""PDF documents: ordered here, made by the worker, waited for on a page that shows how far it is."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from grants import policy
from grants.models import Document, DocumentState, ShowingChannel
from grants.presentation.export import File
from grants.statements import document_orders
from grants.statements.forms import StatementForm
from grants.statements.views.common import project_or_404, sent
from grants.statements.views.life import statement_or_404
from grants.storage import snapshots
from jobfirst import clock
from jobfirst.kit.forms import submission_token
from jobfirst.kit.pages import render_page

PERMISSION = "grants.view_statements"


@require_POST
@requires(PERMISSION)
def order(request: AuthenticatedRequest) -> HttpResponse:
    """Order the PDF of the draft of every project the user may see, with their events."""
    return _ordered(request, None)


@require_POST
@requires(PERMISSION)
def order_project(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Order the PDF of one project's draft with its events."""
    return _ordered(request, project_or_404(request, slug, "grants.pdf"))


@require_POST
@requires(PERMISSION)
def order_again(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Order the PDF of a submitted statement once more when it could not be made."""
    found = statement_or_404(request, public_id, "grants.stored.pdf")
    return redirect("grants:document", document_orders.order_again(found, request.user).public_id)


def _ordered(request: AuthenticatedRequest, project: Project | None) -> HttpResponse:
    form = StatementForm(request.POST, year=clock.today().year)
    if not form.is_valid():
        address = reverse("grants:project", args=[project.slug]) if project else reverse("grants:statement")
        return redirect(f"{address}?{request.POST.urlencode()}" if request.POST else address)
    document = document_orders.order(
        request.user,
        form.cleaned_data["year"],
        form.cleaned_data["cut_off"],
        project=project,
        submission=submission_token(request.POST.get("submission", "")),
    )
    return redirect("grants:document", document.public_id)


@require_safe
@requires(PERMISSION)
def document(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far the document is; once it is made, its hash and the way to it."""
    found = _document_or_404(request, public_id, "content")
    context: dict[str, Any] = {
        "document": found,
        "done": found.state == DocumentState.DONE,
        "failed": found.state == DocumentState.FAILED,
    }
    return render_page(request, "grants/document.html", context, fragment="grants/document_part.html")


@require_safe
@requires(PERMISSION)
def document_file(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The document itself, as it was made."""
    found = _document_or_404(request, public_id)
    if found.state != DocumentState.DONE or found.content is None:
        raise Http404
    record_shown(request.user, "grants.document", found.citizens)
    if found.snapshot_id and not found.again:
        snapshots.shown(found.snapshot_id, ShowingChannel.PDF, request.user, clock.now())
    return sent(File(found.name, "application/pdf", bytes(found.content)))


def _document_or_404(request: AuthenticatedRequest, public_id: uuid.UUID, *left_out: str) -> Document:
    rows = policy.documents(request.user).select_related("statement", "project")
    found = rows.defer(*left_out).filter(public_id=public_id).first()
    if found is None:
        record_refused(request.user, "grants.document", public_id)
        raise Http404
    return found
