"""The papers of a led project as PDF: for the steering group, and the status of a month."""

import uuid

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from audit.downloads import answers_with_file
from evaluation.reports import month_status, steering_paper
from evaluation.steering.views.common import led_project_or_404
from evaluation.steering.views.meetings import fetch_meeting
from jobfirst import clock
from jobfirst.pdf.documents import pdf_response, render_pdf


@answers_with_file
@require_safe
def steering_paper_pdf(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return the paper of a meeting: its agenda with figures, or its minutes. The export is recorded."""
    meeting = fetch_meeting(request, public_id)
    context = steering_paper.paper_context(meeting, clock.today())
    return pdf_response(render_pdf(steering_paper.TEMPLATE, context), steering_paper.paper_name(meeting))


@answers_with_file
@require_safe
def month_status_pdf(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Return the status of a led project for a month (`?month=2016-05`, by default the last one). The export
    is recorded."""
    project = led_project_or_404(request, slug, "evaluation.steering")
    today = clock.today()
    month = month_status.month_of(request.GET.get("month", ""), project, today)
    if month is None:
        raise Http404
    context = month_status.status_context(project, month, today)
    content = render_pdf(month_status.TEMPLATE, context)
    return pdf_response(content, month_status.status_name(project, month))
