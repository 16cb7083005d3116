"""The papers of a led project as PDF: for the steering group, and the status of a month."""

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_export
from evaluation.reports import steering_paper
from evaluation.steering.views.meetings import fetch_meeting
from jobfirst import clock
from jobfirst.pdf.documents import pdf_response, render_pdf


@require_safe
def steering_paper_pdf(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return the paper of a meeting: its agenda with figures, or its minutes. The export is recorded."""
    meeting = fetch_meeting(request, public_id)
    context = steering_paper.paper_context(meeting, clock.today())
    record_export(request)
    return pdf_response(render_pdf(steering_paper.TEMPLATE, context), steering_paper.paper_name(meeting))
