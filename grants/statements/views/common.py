"""What the pages of the grants share: the project in an address, and sending a file."""

from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_refused
from grants.models import ShowingChannel, SnapshotKind
from grants.policy import statement_projects
from grants.presentation.export import File
from grants.reckoning.statement import Draft
from grants.storage import snapshots
from jobfirst import clock


class BackLink(NamedTuple):
    """The way back to the page that a page is a part of."""

    url: str
    label: str


def project_or_404(request: AuthenticatedRequest, slug: str, action: str) -> Project:
    """The project, if it is the user's to see; a foreign one answers as one that does not exist."""
    found = statement_projects(request.user).filter(slug=slug).first()
    if found is None:
        record_refused(request.user, action, slug)
        raise Http404
    return found


def sent(file: File) -> HttpResponse:
    """The file as a download, never kept by a cache on the way, never taken for another kind."""
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def keep(
    request: AuthenticatedRequest, draft: Draft, kind: SnapshotKind, way: ShowingChannel
) -> snapshots.Kept:
    """Keep the draft that is about to be shown, so that it can be shown again; before it is rendered."""
    return snapshots.keep(draft, kind, way, request.user, clock.now())
