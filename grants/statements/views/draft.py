"""Grant statements: the year's draft for all the projects one may see, one project's events, downloads."""

import datetime
import uuid
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from grants.models import ShowingChannel, SnapshotKind, Statement
from grants.models.statement import PENDING
from grants.policy import statement_projects, statements
from grants.presentation import export
from grants.presentation.explanation import look_back
from grants.presentation.figures import figure_rows, since_rows
from grants.presentation.tables.events import EventTable, adjustment_table
from grants.presentation.tables.statements import ProjectTable, query_of
from grants.reckoning.compute import compute
from grants.reckoning.national import figures
from grants.reckoning.statement import Draft
from grants.statements import actions
from grants.statements.forms import Reckoning, StatementForm
from grants.statements.views.common import keep, project_or_404, sent
from jobfirst import clock, mode
from jobfirst.dates import DAY
from jobfirst.kit.pages import render_page
from jobfirst.kit.tables import paged

PERMISSION = "grants.view_statements"
#: Made at once. A PDF takes its time and is made by the worker (grants/statements/views/documents.py).
DOWNLOADS = {"xlsx": "Excel", "csv": "CSV", "json": "JSON"}
#: One project's draft is kept with all its spells, so that each of its explanations is kept too.
in_full = partial(compute, with_accounts=True)


@require_safe
@requires(PERMISSION)
def statement(request: AuthenticatedRequest) -> HttpResponse:
    """The draft of a year for every project the user may see: figures only, no citizens."""
    form = StatementForm(request.GET, year=clock.today().year)
    pending = statements(request.user).pending().count()
    context: dict[str, Any] = {"filter": {"form": form}, "draft": None, "pending": pending}
    draft = form.draft(statement_projects(request.user), figures)
    if draft:
        query = query_of(draft)
        if draft.projects:
            context["kept"] = keep(request, draft, SnapshotKind.OVERVIEW, ShowingChannel.PAGE)
        table = ProjectTable(draft, lambda slug: f"{reverse('grants:project', args=[slug])}?{query}")
        context |= about(draft) | {"table": paged(request, table)}
    return render_page(request, "grants/statement.html", context, fragment="grants/statement_part.html")


@require_safe
@requires(PERMISSION)
def project(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """One project's figures and events, each citizen by pseudonym."""
    found = project_or_404(request, slug, "grants.project")
    form = StatementForm(request.GET, year=clock.today().year)
    newest = Statement.objects.newest(found)
    context: dict[str, Any] = {
        "filter": {"form": form},
        "draft": None,
        "project": found,
        "newest": newest,
    }
    draft = form.draft([found], in_full)
    if draft:
        context |= about(draft) | _project_context(request, found, draft)
        context["pending"] = newest if newest and newest.state in PENDING else None
    return render_page(request, "grants/project.html", context, fragment="grants/project_part.html")


def _project_context(request: AuthenticatedRequest, project: Project, draft: Draft) -> dict[str, Any]:
    """Record and keep what is about to be shown of the project's draft, and return it for the page."""
    (statement,) = draft.projects
    may_submit = request.user.has_perm("grants.submit_statement", project)
    running_on = [account.who for account in statement.accounts if account.runs_on] if may_submit else []
    citizens = [*draft.citizens(spells=False), *(who.public_id for who in running_on)]
    record_shown(request.user, "grants.project", list(dict.fromkeys(citizens)))
    kept = keep(request, draft, SnapshotKind.PROJECT, ShowingChannel.PAGE)
    query = query_of(draft)

    def address(course: uuid.UUID) -> str:
        return f"{reverse('grants:explain', args=[project.slug, course])}?{query}"

    return {
        "kept": kept,
        "own": statement,
        "figures": figure_rows(statement),
        "since": since_rows(statement),
        "table": paged(request, EventTable(statement.lines, draft.terms, address)),
        "adjustments": adjustment_table(statement, draft.terms, address),
        "may_submit": may_submit,
        "refused": submission_refused(draft) if may_submit else "",
        "running_on": running_on,
    }


@require_safe
@requires(PERMISSION)
def download(request: AuthenticatedRequest, file_format: str) -> HttpResponse:
    """The draft for every project the user may see, as a file."""
    draft = _draft_or_404(request, statement_projects(request.user), compute)
    record_shown(request.user, f"grants.download.{file_format}", draft.citizens())
    keep(request, draft, SnapshotKind.EVENTS, ShowingChannel(file_format))
    return sent(export.as_file(draft, file_format))


@require_safe
@requires(PERMISSION)
def project_download(request: AuthenticatedRequest, slug: str, file_format: str) -> HttpResponse:
    """One project's draft with its events, as a file."""
    found = project_or_404(request, slug, f"grants.download.{file_format}")
    draft = _draft_or_404(request, [found], in_full)
    record_shown(request.user, f"grants.download.{file_format}", draft.citizens(spells=False))
    keep(request, draft, SnapshotKind.PROJECT, ShowingChannel(file_format))
    return sent(export.as_file(draft, file_format))


def _draft_or_404(request: AuthenticatedRequest, projects: Iterable[Project], reckon: Reckoning) -> Draft:
    """The draft that the query string asks for; an address nobody was offered is not found."""
    draft = StatementForm(request.GET, year=clock.today().year).draft(projects, reckon)
    if draft is None:
        raise Http404
    return draft


def about(draft: Draft) -> dict[str, Any]:
    """What both pages say of a draft besides its figures."""
    return {
        "draft": draft,
        "query": query_of(draft),
        "basis": export.basis_in_words(draft),
        "in_future": draft.cut_off > clock.today(),
        "look_back": look_back(draft),
        "downloads": DOWNLOADS.items(),
        "submission": uuid.uuid4(),
    }


def last_day_to_submit() -> datetime.date | None:
    """The last day a statement may run to: yesterday, for today is not over; any day in a rehearsal."""
    return None if mode.is_rehearsal() else clock.today() - DAY


def submission_refused(draft: Draft) -> str:
    """Why this draft of one project cannot be submitted, so that nobody is led into a refusal; or empty."""
    (own,) = draft.projects
    approved = own.approved_until or (own.before.cut_off if own.before else None)
    return actions.cut_off_refused(own.project, draft.year, draft.cut_off, last_day_to_submit(), approved)
