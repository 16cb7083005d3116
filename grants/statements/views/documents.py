"""PDF documents: ordered here, made by the worker; a page shows the progress meanwhile."""

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from audit.downloads import answers_with_file
from grants import policy
from grants.models import Document, DocumentState, ShowingChannel
from grants.presentation.export import DownloadFile
from grants.statements import document_orders
from grants.statements.forms import StatementForm
from grants.statements.views.common import download_response, project_or_404
from grants.statements.views.lifecycle import statement_or_404
from grants.storage import snapshots
from jobfirst import clock
from jobfirst.kit.forms import submission_token
from jobfirst.kit.pages import render_page

PERMISSION = "grants.view_statements"


@require_POST
@requires(PERMISSION)
def order(request: AuthenticatedRequest) -> HttpResponse:
    """Order the PDF of the draft of every project the user may see, with their events."""
    return _order_document(request, None)


@require_POST
@requires(PERMISSION)
def order_project(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Order the PDF of one project's draft with its events."""
    return _order_document(request, project_or_404(request, slug, "grants.pdf"))


@require_POST
@requires(PERMISSION)
def order_again(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Order the PDF of a submitted statement once more when it could not be made."""
    statement = statement_or_404(request, public_id, "grants.stored.pdf")
    return redirect("grants:document", document_orders.order_again(statement, request.user).public_id)


def _order_document(request: AuthenticatedRequest, project: Project | None) -> HttpResponse:
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
    """The progress of the document; once it is made, its hash and a link to it."""
    document = _document_or_404(request, public_id, "content")
    context: dict[str, Any] = {
        "document": document,
        "done": document.state == DocumentState.DONE,
        "failed": document.state == DocumentState.FAILED,
        "newer": _with_approval_sheet(document),
    }
    return render_page(request, "grants/document.html", context, fragment="grants/document_part.html")


def _with_approval_sheet(document: Document) -> Document | None:
    """Return the later PDF of the same statement, with its approval sheet; None while there is none."""
    if document.statement is None:
        return None
    return Document.objects.filter(approved=document.statement).defer("content").first()


@answers_with_file
@require_safe
@requires(PERMISSION)
def document_file(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The document itself, as it was made."""
    document = _document_or_404(request, public_id)
    if document.state != DocumentState.DONE or document.content is None:
        raise Http404
    record_shown(request.user, "grants.document", document.citizens)
    if document.snapshot_id and not document.again:
        snapshots.record_showing(document.snapshot_id, ShowingChannel.PDF, request.user, clock.now())
    return download_response(DownloadFile(document.name, "application/pdf", bytes(document.content)))


def _document_or_404(request: AuthenticatedRequest, public_id: uuid.UUID, *deferred: str) -> Document:
    rows = policy.documents(request.user).select_related("statement", "approved", "project")
    document = rows.defer(*deferred).filter(public_id=public_id).first()
    if document is None:
        record_refused(request.user, "grants.document", public_id)
        raise Http404
    return document
