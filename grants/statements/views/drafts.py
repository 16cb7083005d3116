"""Grant statements: the year's draft for all the projects one may see, one project's events, downloads."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from audit.downloads import answers_with_file
from grants.models import ShowingChannel, SnapshotKind, Statement
from grants.models.statement import PENDING
from grants.policy import statement_projects, statements
from grants.presentation import export
from grants.presentation.explanation import look_back_warnings
from grants.presentation.figures import figure_rows, since_rows
from grants.presentation.tables.events import EventTable, adjustment_table
from grants.presentation.tables.statements import StatementProjectTable, query_of
from grants.reckoning.compute import compute
from grants.reckoning.doubts import with_doubts
from grants.reckoning.overview import figures
from grants.reckoning.statement import ProjectStatement, StatementCitizen, StatementView
from grants.statements import actions
from grants.statements.forms import Reckoning, StatementForm
from grants.statements.views.common import download_response, project_or_404, save_snapshot
from grants.statements.views.doubts import doubt_context
from jobfirst import clock, mode
from jobfirst.kit.pages import render_page
from jobfirst.kit.tables import paged
from jobfirst.values.dates import DAY

PERMISSION = "grants.view_statements"
#: Formats made within the request; a PDF takes longer and is made by the worker (`documents`).
DOWNLOADS = {"xlsx": "Excel", "csv": "CSV", "json": "JSON"}


def with_events(year: int, cut_off: datetime.date, projects: Iterable[Project]) -> StatementView:
    """Return the draft with its events and the doubts about them."""
    return with_doubts(compute(year, cut_off, projects), clock.today())


def in_full(year: int, cut_off: datetime.date, projects: Iterable[Project]) -> StatementView:
    """Return the draft with all its spells, too: from its snapshot each explanation can be shown again."""
    return with_doubts(compute(year, cut_off, projects, with_spells=True), clock.today())


@require_safe
@requires(PERMISSION)
def statement(request: AuthenticatedRequest) -> HttpResponse:
    """The draft of a year for every project the user may see: figures only, no citizens."""
    form = StatementForm(request.GET, year=clock.today().year)
    pending = statements(request.user).pending().count()
    context: dict[str, Any] = {"filter": {"form": form}, "view": None, "pending": pending}
    draft = form.draft(statement_projects(request.user), figures)
    if draft:
        query = query_of(draft)
        if draft.projects:
            context["snapshot_ref"] = save_snapshot(
                request, draft, SnapshotKind.OVERVIEW, ShowingChannel.PAGE
            )
        table = StatementProjectTable(draft, lambda slug: f"{reverse('grants:project', args=[slug])}?{query}")
        context |= draft_context(draft) | {"table": paged(request, table)}
    return render_page(request, "grants/statement.html", context, fragment="grants/statement_part.html")


@require_safe
@requires(PERMISSION)
def project(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """One project's figures and events, each citizen by pseudonym."""
    project = project_or_404(request, slug, "grants.project")
    form = StatementForm(request.GET, year=clock.today().year)
    newest = Statement.objects.newest(project)
    context: dict[str, Any] = {
        "filter": {"form": form},
        "view": None,
        "project": project,
        "newest": newest,
    }
    draft = form.draft([project], in_full)
    if draft:
        context |= draft_context(draft) | _project_context(request, project, draft)
        context["pending"] = newest if newest and newest.state in PENDING else None
    return render_page(request, "grants/project.html", context, fragment="grants/project_part.html")


def _project_context(request: AuthenticatedRequest, project: Project, draft: StatementView) -> dict[str, Any]:
    """Record and save what is about to be shown of the project's draft, and return it for the page."""
    (statement,) = draft.projects
    may_submit = request.user.has_perm("grants.submit_statement", project)
    running_on = (
        [citizen_spells.citizen for citizen_spells in statement.spells_by_citizen if citizen_spells.runs_on]
        if may_submit
        else []
    )
    citizens = [*draft.citizens(spells=False), *(citizen.public_id for citizen in running_on)]
    record_shown(request.user, "grants.project", list(dict.fromkeys(citizens)))
    snapshot_ref = save_snapshot(request, draft, SnapshotKind.PROJECT, ShowingChannel.PAGE)
    query = query_of(draft)

    def address(course: uuid.UUID) -> str:
        return f"{reverse('grants:explain', args=[project.slug, course])}?{query}"

    return {
        "snapshot_ref": snapshot_ref,
        "project_statement": statement,
        "figures": figure_rows(statement),
        "since": since_rows(statement),
        "table": paged(request, EventTable(statement.lines, draft.terms, address)),
        "adjustments": adjustment_table(statement, draft.terms, address),
        "may_submit": may_submit,
        "refused": submission_objection(draft) if may_submit else "",
        "running_on": running_on,
        **doubt_context(draft, may_answer=may_submit),
    }


@answers_with_file
@require_safe
@requires(PERMISSION)
def download(request: AuthenticatedRequest, file_format: str) -> HttpResponse:
    """The draft for every project the user may see, as a file."""
    draft = _draft_or_404(request, statement_projects(request.user), with_events)
    record_shown(request.user, f"grants.download.{file_format}", draft.citizens())
    save_snapshot(request, draft, SnapshotKind.EVENTS, ShowingChannel(file_format))
    return download_response(export.as_file(draft, file_format))


@answers_with_file
@require_safe
@requires(PERMISSION)
def project_download(request: AuthenticatedRequest, slug: str, file_format: str) -> HttpResponse:
    """One project's draft with its events, as a file."""
    project = project_or_404(request, slug, f"grants.download.{file_format}")
    draft = _draft_or_404(request, [project], in_full)
    record_shown(request.user, f"grants.download.{file_format}", draft.citizens(spells=False))
    save_snapshot(request, draft, SnapshotKind.PROJECT, ShowingChannel(file_format))
    return download_response(export.as_file(draft, file_format))


def _draft_or_404(
    request: AuthenticatedRequest, projects: Iterable[Project], reckon: Reckoning
) -> StatementView:
    """Return the draft that the query string asks for; 404 for an invalid query."""
    draft = StatementForm(request.GET, year=clock.today().year).draft(projects, reckon)
    if draft is None:
        raise Http404
    return draft


def draft_context(draft: StatementView) -> dict[str, Any]:
    """Return what every page of a draft says besides its figures."""
    return {
        "view": draft,
        "query": query_of(draft),
        "basis": export.basis_in_words(draft),
        "in_future": draft.cut_off > clock.today(),
        "look_back_warnings": look_back_warnings(draft),
        "downloads": DOWNLOADS.items(),
        "submission": uuid.uuid4(),
    }


def running_on_citizens(statement: ProjectStatement) -> list[StatementCitizen]:
    """Return the citizens whose course has ended while a placement that counts runs without a last day."""
    return [item.citizen for item in statement.spells_by_citizen if item.runs_on]


def last_day_to_submit() -> datetime.date | None:
    """Return the latest cut-off that may be submitted: yesterday; None, any day, in a rehearsal."""
    return None if mode.is_rehearsal() else clock.today() - DAY


def submission_objection(draft: StatementView) -> str:
    """Return why this draft of one project cannot be submitted; empty when it can."""
    (statement,) = draft.projects
    latest_approved = statement.latest_approved
    approved = statement.approved_until or (latest_approved.cut_off if latest_approved else None)
    return actions.cut_off_objection(
        statement.project, draft.year, draft.cut_off, last_day_to_submit(), approved
    )
