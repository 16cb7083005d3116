"""Grant statements: the year's draft for all the projects one may see, one project's events, downloads."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Project
from audit.access import record_refused, record_shown, requires
from grants import exchange, money
from grants.forms import StatementForm
from grants.policy import statement_projects
from grants.statement import Draft, ProjectStatement
from grants.tables import EventTable, ProjectTable, query_of
from jobfirst import clock
from jobfirst.kit.pages import render_page
from jobfirst.kit.tables import paged

PERMISSION = "grants.view_statements"
DOWNLOADS = {"pdf": "PDF", "xlsx": "Excel", "csv": "CSV", "json": "JSON"}


@require_safe
@requires(PERMISSION)
def statement(request: HttpRequest) -> HttpResponse:
    """The draft of a year for every project the user may see: figures only, no citizens."""
    form = StatementForm(request.GET, year=clock.today().year)
    context: dict[str, Any] = {"filter": {"form": form}, "draft": None}
    draft = form.draft(statement_projects(request.user))
    if draft:
        query = query_of(draft)
        context |= _about(draft) | {"table": paged(request, ProjectTable(draft, query))}
    return render_page(request, "grants/statement.html", context, fragment="grants/statement_part.html")


@require_safe
@requires(PERMISSION)
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """One project's figures and events, each citizen by pseudonym."""
    found = _project_or_404(request, slug, "grants.project")
    form = StatementForm(request.GET, year=clock.today().year)
    context: dict[str, Any] = {"filter": {"form": form}, "draft": None, "project": found}
    draft = form.draft([found])
    if draft:
        (own,) = draft.projects
        record_shown(request.user, "grants.project", draft.citizens())
        table = paged(request, EventTable(own.lines))
        context |= _about(draft) | {"own": own, "figures": _figures(own), "table": table}
    return render_page(request, "grants/project.html", context, fragment="grants/project_part.html")


@require_safe
@requires(PERMISSION)
def download(request: HttpRequest, file_format: str) -> HttpResponse:
    """The draft for every project the user may see, as a file; the PDF has figures only."""
    draft = _draft_or_404(request, statement_projects(request.user))
    with_events = file_format != "pdf"
    record_shown(request.user, f"grants.download.{file_format}", draft.citizens() if with_events else [])
    return _sent(exchange.as_file(draft, file_format, with_events=with_events))


@require_safe
@requires(PERMISSION)
def project_download(request: HttpRequest, slug: str, file_format: str) -> HttpResponse:
    """One project's draft with its events, as a file."""
    found = _project_or_404(request, slug, f"grants.download.{file_format}")
    draft = _draft_or_404(request, [found])
    record_shown(request.user, f"grants.download.{file_format}", draft.citizens())
    return _sent(exchange.as_file(draft, file_format))


def _project_or_404(request: HttpRequest, slug: str, action: str) -> Project:
    """The project, if it is the user's to see; a foreign one answers as one that does not exist."""
    found = statement_projects(request.user).filter(slug=slug).first()
    if found is None:
        record_refused(request.user, action, slug)
        raise Http404
    return found


def _draft_or_404(request: HttpRequest, projects: Iterable[Project]) -> Draft:
    """The draft that the query string asks for; an address nobody was offered is not found."""
    draft = StatementForm(request.GET, year=clock.today().year).draft(projects)
    if draft is None:
        raise Http404
    return draft


def _about(draft: Draft) -> dict[str, Any]:
    """What both pages say of a draft besides its figures."""
    return {
        "draft": draft,
        "query": query_of(draft),
        "basis": exchange.basis_in_words(draft),
        "in_future": draft.cut_off > clock.today(),
        "downloads": DOWNLOADS.items(),
    }


def _figures(own: ProjectStatement) -> list[tuple[str, str]]:
    """The project's figures as (label, value)."""
    return [
        (_("Target count"), str(own.project.target_count)),
        (_("Starts"), str(own.starts)),
        (_("Completions"), str(own.completions)),
        (_("Earned to date"), money.written(own.earned_to_date)),
        (_("Ceiling"), money.written(own.ceiling)),
        (_("Paid before"), money.written(own.paid_before)),
        (_("Payable"), money.written(own.payable)),
    ]


def _sent(file: exchange.File) -> HttpResponse:
    """The file as a download, never kept by a cache on the way."""
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name)
    response["Cache-Control"] = "private, no-store"
    return response
