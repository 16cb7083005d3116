"""What the pages of the grants share: the project of an address, snapshots, and downloads."""

from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_refused
from grants.models import ShowingChannel, SnapshotKind
from grants.policy import statement_projects
from grants.presentation.export import DownloadFile
from grants.reckoning.statement import StatementView
from grants.storage import snapshots
from jobfirst import clock


class BackLink(NamedTuple):
    """The link back to the page that a page belongs to."""

    url: str
    label: str


def project_or_404(request: AuthenticatedRequest, slug: str, action: str) -> Project:
    """Return the project if the user may see it; a foreign one answers as one that does not exist."""
    project = statement_projects(request.user).filter(slug=slug).first()
    if project is None:
        record_refused(request.user, action, slug)
        raise Http404
    return project


def download_response(file: DownloadFile) -> HttpResponse:
    """Return the file as a download that no cache keeps and no browser takes for another type."""
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def save_snapshot(
    request: AuthenticatedRequest, view: StatementView, kind: SnapshotKind, channel: ShowingChannel
) -> snapshots.SnapshotRef:
    """Save the draft that is about to be shown, before it is rendered, so that it can be shown again."""
    return snapshots.save(view, kind, channel, request.user, clock.now())
