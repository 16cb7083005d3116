"""Grant statements: the year's draft for all the projects one may see, one project's events, downloads."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Project
from audit.access import record_shown, requires
from grants import exchange, money
from grants.draft import Draft, ProjectStatement
from grants.forms import StatementForm
from grants.models import Statement
from grants.national import figures as figures_of_all
from grants.policy import statement_projects, statements
from grants.tables import AdjustmentTable, EventTable, ProjectTable, query_of
from grants.views.common import project_or_404, sent
from jobfirst import clock
from jobfirst.kit.pages import render_page
from jobfirst.kit.tables import paged

PERMISSION = "grants.view_statements"
#: Made at once. A PDF takes its time and is made by the worker (grants/views/documents.py).
DOWNLOADS = {"xlsx": "Excel", "csv": "CSV", "json": "JSON"}


@require_safe
@requires(PERMISSION)
def statement(request: HttpRequest) -> HttpResponse:
    """The draft of a year for every project the user may see: figures only, no citizens."""
    form = StatementForm(request.GET, year=clock.today().year)
    pending = statements(request.user).pending().count()
    context: dict[str, Any] = {"filter": {"form": form}, "draft": None, "pending": pending}
    draft = form.draft(statement_projects(request.user), figures_of_all)
    if draft:
        query = query_of(draft)
        context |= about(draft) | {"table": paged(request, ProjectTable(draft, query))}
    return render_page(request, "grants/statement.html", context, fragment="grants/statement_part.html")


@require_safe
@requires(PERMISSION)
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """One project's figures and events, each citizen by pseudonym."""
    found = project_or_404(request, slug, "grants.project")
    form = StatementForm(request.GET, year=clock.today().year)
    context: dict[str, Any] = {"filter": {"form": form}, "draft": None, "project": found}
    draft = form.draft([found])
    if draft:
        (own,) = draft.projects
        record_shown(request.user, "grants.project", draft.citizens())
        table = paged(request, EventTable(own.lines, slug=slug, query=query_of(draft)))
        context |= about(draft) | {
            "own": own,
            "figures": figures(own),
            "since": since(own),
            "table": table,
            "adjustments": AdjustmentTable(own.adjustments) if own.adjustments else None,
            "may_submit": request.user.has_perm("grants.submit_statement", found),
            "pending": Statement.objects.pending().filter(project=found).first(),
        }
    return render_page(request, "grants/project.html", context, fragment="grants/project_part.html")


@require_safe
@requires(PERMISSION)
def download(request: HttpRequest, file_format: str) -> HttpResponse:
    """The draft for every project the user may see, as a file."""
    draft = _draft_or_404(request, statement_projects(request.user))
    record_shown(request.user, f"grants.download.{file_format}", draft.citizens())
    return sent(exchange.as_file(draft, file_format))


@require_safe
@requires(PERMISSION)
def project_download(request: HttpRequest, slug: str, file_format: str) -> HttpResponse:
    """One project's draft with its events, as a file."""
    found = project_or_404(request, slug, f"grants.download.{file_format}")
    draft = _draft_or_404(request, [found])
    record_shown(request.user, f"grants.download.{file_format}", draft.citizens())
    return sent(exchange.as_file(draft, file_format))


def _draft_or_404(request: HttpRequest, projects: Iterable[Project]) -> Draft:
    """The draft that the query string asks for; an address nobody was offered is not found."""
    draft = StatementForm(request.GET, year=clock.today().year).draft(projects)
    if draft is None:
        raise Http404
    return draft


def about(draft: Draft) -> dict[str, Any]:
    """What both pages say of a draft besides its figures."""
    return {
        "draft": draft,
        "query": query_of(draft),
        "basis": exchange.basis_in_words(draft),
        "in_future": draft.cut_off > clock.today(),
        "downloads": DOWNLOADS.items(),
        "submission": uuid.uuid4(),
    }


def figures(own: ProjectStatement) -> list[tuple[str, str]]:
    """The project's figures as (label, value)."""
    return [
        (_("Target count"), str(own.target_count)),
        (_("Starts"), str(own.starts)),
        (_("Completions"), str(own.completions)),
        (_("Earned to date"), money.written(own.earned_to_date)),
        (_("Ceiling"), money.written(own.ceiling)),
        (_("Paid before"), money.written(own.paid_before)),
        (_("Payable"), money.written(own.payable)),
    ]


def since(own: ProjectStatement) -> list[tuple[str, str]]:
    """How earned to date comes about, as (label, value); empty when nothing was approved before."""
    if own.before is None:
        return []
    return [
        (_("Earned before"), money.written(own.earned_before)),
        (_("Adjustments"), money.written(own.adjusted)),
        (_("New events"), money.written(own.new)),
        (_("Earned to date"), money.written(own.earned_to_date)),
    ]
