"""The history of drafts: snapshots searched, shown again, and compared with a reckoning made now."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from audit.downloads import answers_with_file
from grants import policy
from grants.models import ShowingChannel, Snapshot, SnapshotKind, SnapshotQuerySet
from grants.policy import statement_projects
from grants.presentation import export
from grants.presentation.figures import figure_rows, since_rows
from grants.presentation.tables.events import EventTable, adjustment_table
from grants.presentation.tables.history import ShowingTable, SnapshotTable, project_difference_row
from grants.presentation.tables.statements import StatementProjectTable, query_of
from grants.reckoning.comparison import ChangeNature, EventChange, compare_statements
from grants.reckoning.frame import NoTermsError
from grants.reckoning.overview import figures
from grants.reckoning.statement import StatementView
from grants.statements import document_orders
from grants.statements.forms import HistoryForm
from grants.statements.views.common import BackLink, download_response, project_or_404, save_snapshot
from grants.statements.views.drafts import PERMISSION, draft_context, in_full, with_events
from grants.statements.views.explanations import render_explanation, render_unused_spells
from grants.storage import snapshots, submitted
from jobfirst.kit.forms import submission_token
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged

#: How many of the latest showings the page of a snapshot lists.
LATEST_SHOWINGS = 20


@require_safe
@requires(PERMISSION)
def overview(request: AuthenticatedRequest) -> HttpResponse:
    """The snapshots of all projects; a search by hash finds any snapshot the user may see."""
    form = HistoryForm(request.GET)
    rows = policy.snapshots(request.user)
    if not (form.is_valid() and form.cleaned_data["hash"]):
        rows = rows.exclude(kind=SnapshotKind.PROJECT)
    return _list(request, form, rows, _("History"), reverse("grants:statement"))


@require_safe
@requires(PERMISSION)
def project(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """The snapshots of one project."""
    project = project_or_404(request, slug, "grants.project_history")
    rows = policy.snapshots(request.user).filter(project=project)
    title = _("History: %(project)s") % {"project": project}
    return _list(request, HistoryForm(request.GET), rows, title, reverse("grants:project", args=[slug]))


def _list(
    request: AuthenticatedRequest, form: HistoryForm, rows: SnapshotQuerySet, title: str, draft_url: str
) -> HttpResponse:
    snapshots_listed = form.filter_snapshots(rows).with_showings()
    context = {
        "page_title": title,
        "page_intro": _(
            "Every statement that was shown as a draft is kept as it was shown, and can be shown again."
        ),
        "filter": {"form": form},
        "table": paged(request, SnapshotTable(snapshots_listed)),
        "empty": Empty(
            _("Nothing that matches has been shown yet. A draft is kept when somebody looks at it."),
            draft_url,
            _("Grant statement"),
        ),
        "draft_url": draft_url,
    }
    return render_page(request, "grants/history.html", context, fragment="kit/list_fragment.html")


def _snapshot_or_404(request: AuthenticatedRequest, public_id: uuid.UUID, *kinds: SnapshotKind) -> Snapshot:
    """Return the snapshot if the user may see all its projects today; others answer as not existing."""
    rows = policy.snapshots(request.user).select_related("project")
    snapshot = rows.filter(public_id=public_id, kind__in=kinds or SnapshotKind).first()
    if snapshot is None:
        record_refused(request.user, "grants.kept", public_id)
        raise Http404
    return snapshot


@require_safe
@requires(PERMISSION)
def show_snapshot(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The draft as it was shown: figures, events and adjustments, marked as not current."""
    snapshot = _snapshot_or_404(request, public_id)
    draft = snapshots.read(snapshot)
    record_shown(request.user, "grants.kept", draft.citizens(spells=False))
    showings = snapshot.showings.select_related("user")
    context = draft_context(draft) | {
        "snapshot": snapshot,
        "in_future": draft.cut_off > timezone.localdate(snapshot.first_shown_at),
        "showings": ShowingTable(showings[:LATEST_SHOWINGS]),
        "more": max(0, showings.count() - LATEST_SHOWINGS),
        "is_project": snapshot.kind == SnapshotKind.PROJECT,
        "has_files": snapshot.kind != SnapshotKind.OVERVIEW,
        "content_hash": submitted.content_hash(draft) if snapshot.kind != SnapshotKind.OVERVIEW else "",
        "title": _subject(snapshot, draft),
        **(
            _project_context(request, snapshot, draft)
            if snapshot.kind == SnapshotKind.PROJECT
            else _all_projects_context(request, draft)
        ),
    }
    return render_page(request, "grants/snapshot.html", context)


def _subject(snapshot: Snapshot, draft: StatementView) -> str:
    """Return the subject of the snapshot: the project by its name then, or the kind of snapshot."""
    return (
        draft.projects[0].project.name
        if snapshot.kind == SnapshotKind.PROJECT
        else str(snapshot.get_kind_display())
    )


def _all_projects_context(request: AuthenticatedRequest, draft: StatementView) -> dict[str, Any]:
    """Return the context of several projects with their sums; each links to its history."""
    table = StatementProjectTable(draft, lambda slug: reverse("grants:project_history", args=[slug]))
    return {"table": paged(request, table), "history_url": reverse("grants:history")}


def _project_context(
    request: AuthenticatedRequest, snapshot: Snapshot, draft: StatementView
) -> dict[str, Any]:
    (statement,) = draft.projects

    def address(course: uuid.UUID) -> str:
        return reverse("grants:kept_explain", args=[snapshot.public_id, course])

    assert snapshot.project is not None
    return {
        "project_statement": statement,
        "figures": figure_rows(statement),
        "since": since_rows(statement),
        "table": paged(request, EventTable(statement.lines, draft.terms, address)),
        "adjustments": adjustment_table(statement, draft.terms, address),
        "history_url": reverse("grants:project_history", args=[snapshot.project.slug]),
    }


@answers_with_file
@require_safe
@requires(PERMISSION)
def download(request: AuthenticatedRequest, public_id: uuid.UUID, file_format: str) -> HttpResponse:
    """A file of the snapshot, the same as it was downloaded then."""
    snapshot = _snapshot_or_404(request, public_id, SnapshotKind.PROJECT, SnapshotKind.EVENTS)
    draft = snapshots.read(snapshot)
    record_shown(request.user, f"grants.kept.{file_format}", draft.citizens(spells=False))
    return download_response(export.as_file(draft, file_format))


@require_POST
@requires(PERMISSION)
def order(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Order the PDF of the snapshot."""
    snapshot = _snapshot_or_404(request, public_id, SnapshotKind.PROJECT, SnapshotKind.EVENTS)
    document = document_orders.order(
        request.user,
        snapshot.year,
        snapshot.cut_off,
        project=snapshot.project,
        submission=submission_token(request.POST.get("submission", "")),
        snapshot=snapshot,
    )
    return redirect("grants:document", document.public_id)


@require_safe
@requires(PERMISSION)
def explain(request: AuthenticatedRequest, public_id: uuid.UUID, course: uuid.UUID) -> HttpResponse:
    """The explanation of one citizen of the snapshot."""
    snapshot = _snapshot_or_404(request, public_id, SnapshotKind.PROJECT)
    draft = snapshots.read(snapshot).of_course(course)
    context = {"back_url": reverse("grants:kept", args=[public_id]), "snapshot": snapshot}
    return render_explanation(request, draft, course, context)


@require_safe
@requires(PERMISSION)
def unused(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The unused spells of the snapshot."""
    snapshot = _snapshot_or_404(request, public_id, SnapshotKind.PROJECT)
    draft = snapshots.read(snapshot)
    intro = _("As shown on %(day)s, not current. Each with the reason, up to and including %(cut_off)s.") % {
        "day": date_format(timezone.localtime(snapshot.first_shown_at), "DATE_FORMAT"),
        "cut_off": date_format(draft.cut_off, "DATE_FORMAT"),
    }

    def address(course: uuid.UUID) -> str:
        return reverse("grants:kept_explain", args=[public_id, course])

    title = _("As it was shown: %(title)s") % {"title": _subject(snapshot, draft)}
    back = BackLink(reverse("grants:kept", args=[public_id]), title)
    return render_unused_spells(request, draft, address, intro, back)


@require_safe
@requires(PERMISSION)
def difference(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The snapshot compared with a reckoning made now, which is saved too."""
    snapshot = _snapshot_or_404(request, public_id)
    was = snapshots.read(snapshot)
    now = _reckon_again(request, snapshot)
    save_snapshot(request, now, SnapshotKind(snapshot.kind), ShowingChannel.DIFFERENCE)
    differences = compare_statements(was, now, events=snapshot.kind != SnapshotKind.OVERVIEW)
    citizens = [change.citizen_public_id for difference in differences for change in difference.changes]
    record_shown(request.user, "grants.kept_difference", list(dict.fromkeys(citizens)))
    context = {
        "snapshot": snapshot,
        "view": was,
        "title": _subject(snapshot, was),
        "back_url": reverse("grants:kept", args=[public_id]),
        "differences": [
            project_difference_row(item, was.terms, _explanation_url(snapshot, item.slug, query_of(was)))
            for item in differences
        ],
    }
    return render_page(request, "grants/difference.html", context)


def _reckon_again(request: AuthenticatedRequest, snapshot: Snapshot) -> StatementView:
    """Return a draft of the same projects, year and cut-off, reckoned now."""
    projects = statement_projects(request.user).filter(pk__in=snapshot.projects)
    try:
        if snapshot.kind == SnapshotKind.OVERVIEW:
            return figures(snapshot.year, snapshot.cut_off, projects)
        reckon = in_full if snapshot.kind == SnapshotKind.PROJECT else with_events
        return reckon(snapshot.year, snapshot.cut_off, projects)
    except NoTermsError as error:
        raise Http404 from error


def _explanation_url(snapshot: Snapshot, slug: str, query: str) -> Callable[[EventChange], str]:
    """Return the function for the address of a changed event's explanation: today's, or the snapshot's."""

    def address(change: EventChange) -> str:
        if change.nature is not ChangeNature.REMOVED:
            return f"{reverse('grants:explain', args=[slug, change.course_public_id])}?{query}"
        if snapshot.kind == SnapshotKind.PROJECT:
            return reverse("grants:kept_explain", args=[snapshot.public_id, change.course_public_id])
        return f"{reverse('grants:project', args=[slug])}?{query}"

    return address
