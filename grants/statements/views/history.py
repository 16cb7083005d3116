"""What was shown of drafts: found, shown again exactly, and held against today's reckoning."""

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
from grants import policy
from grants.models import ShowingChannel, Snapshot, SnapshotKind, SnapshotQuerySet
from grants.policy import statement_projects
from grants.presentation import export
from grants.presentation.figures import figure_rows, since_rows
from grants.presentation.tables.events import EventTable, adjustment_table
from grants.presentation.tables.history import ShowingTable, SnapshotTable, difference_part
from grants.presentation.tables.statements import ProjectTable, query_of
from grants.reckoning.comparison import Change, Nature
from grants.reckoning.comparison import difference as changed
from grants.reckoning.compute import NoTermsError, compute
from grants.reckoning.national import figures
from grants.reckoning.statement import Draft
from grants.statements import document_orders
from grants.statements.forms import HistoryForm
from grants.statements.views.common import BackLink, keep, project_or_404, sent
from grants.statements.views.draft import PERMISSION, about
from grants.statements.views.explain import explained, without_use
from grants.storage import snapshots, submitted
from jobfirst.kit.forms import submission_token
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged

#: So many of the latest showings stand on the page of a kept copy.
LATEST = 20


@require_safe
@requires(PERMISSION)
def overview(request: AuthenticatedRequest) -> HttpResponse:
    """What was shown of all projects; by its hash, whatever the user may see is found."""
    form = HistoryForm(request.GET)
    rows = policy.snapshots(request.user)
    if not (form.is_valid() and form.cleaned_data["hash"]):
        rows = rows.exclude(kind=SnapshotKind.PROJECT)
    return _list(request, form, rows, _("History"), reverse("grants:statement"))


@require_safe
@requires(PERMISSION)
def project(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """What was shown of one project."""
    found = project_or_404(request, slug, "grants.project_history")
    rows = policy.snapshots(request.user).filter(project=found)
    title = _("History: %(project)s") % {"project": found}
    return _list(request, HistoryForm(request.GET), rows, title, reverse("grants:project", args=[slug]))


def _list(
    request: AuthenticatedRequest, form: HistoryForm, rows: SnapshotQuerySet, title: str, draft_url: str
) -> HttpResponse:
    found = form.chosen(rows).listed()
    context = {
        "page_title": title,
        "page_intro": _(
            "Every statement that was shown as a draft is kept as it was shown, and can be shown again."
        ),
        "filter": {"form": form},
        "table": paged(request, SnapshotTable(found)),
        "empty": Empty(
            _("Nothing that matches has been shown yet. A draft is kept when somebody looks at it."),
            draft_url,
            _("Grant statement"),
        ),
        "draft_url": draft_url,
    }
    return render_page(request, "grants/history.html", context, fragment="kit/list_fragment.html")


def _kept_or_404(request: AuthenticatedRequest, public_id: uuid.UUID, *kinds: SnapshotKind) -> Snapshot:
    """What was shown, if the user may see all of it today; anything else answers as what does not exist."""
    rows = policy.snapshots(request.user).select_related("project")
    found = rows.filter(public_id=public_id, kind__in=kinds or SnapshotKind).first()
    if found is None:
        record_refused(request.user, "grants.kept", public_id)
        raise Http404
    return found


@require_safe
@requires(PERMISSION)
def kept(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The draft as it was shown: the same figures, events and adjustments, marked as not current."""
    found = _kept_or_404(request, public_id)
    draft = snapshots.read(found)
    record_shown(request.user, "grants.kept", draft.citizens(spells=False))
    showings = found.showings.select_related("user")
    context = about(draft) | {
        "snapshot": found,
        "in_future": draft.cut_off > timezone.localdate(found.first_shown_at),
        "showings": ShowingTable(showings[:LATEST]),
        "more": max(0, showings.count() - LATEST),
        "is_project": found.kind == SnapshotKind.PROJECT,
        "has_files": found.kind != SnapshotKind.OVERVIEW,
        "content_hash": submitted.content_hash(draft) if found.kind != SnapshotKind.OVERVIEW else "",
        "title": _of(found, draft),
        **(
            _project_context(request, found, draft)
            if found.kind == SnapshotKind.PROJECT
            else _all(request, draft)
        ),
    }
    return render_page(request, "grants/kept.html", context)


def _of(found: Snapshot, draft: Draft) -> str:
    """What the kept copy is of: the project by its name then, or how much of all projects."""
    return (
        draft.projects[0].project.name
        if found.kind == SnapshotKind.PROJECT
        else str(found.get_kind_display())
    )


def _all(request: AuthenticatedRequest, draft: Draft) -> dict[str, Any]:
    """The projects with a sum below; each leads to its own history."""
    table = ProjectTable(draft, lambda slug: reverse("grants:project_history", args=[slug]))
    return {"table": paged(request, table), "history_url": reverse("grants:history")}


def _project_context(request: AuthenticatedRequest, found: Snapshot, draft: Draft) -> dict[str, Any]:
    (own,) = draft.projects

    def address(course: uuid.UUID) -> str:
        return reverse("grants:kept_explain", args=[found.public_id, course])

    assert found.project is not None
    return {
        "own": own,
        "figures": figure_rows(own),
        "since": since_rows(own),
        "table": paged(request, EventTable(own.lines, draft.terms, address)),
        "adjustments": adjustment_table(own, draft.terms, address),
        "history_url": reverse("grants:project_history", args=[found.project.slug]),
    }


@require_safe
@requires(PERMISSION)
def download(request: AuthenticatedRequest, public_id: uuid.UUID, file_format: str) -> HttpResponse:
    """The file as it was shown, made from what was kept."""
    found = _kept_or_404(request, public_id, SnapshotKind.PROJECT, SnapshotKind.EVENTS)
    draft = snapshots.read(found)
    record_shown(request.user, f"grants.kept.{file_format}", draft.citizens(spells=False))
    return sent(export.as_file(draft, file_format))


@require_POST
@requires(PERMISSION)
def order(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Order the PDF of what was shown; the worker makes it from what was kept."""
    found = _kept_or_404(request, public_id, SnapshotKind.PROJECT, SnapshotKind.EVENTS)
    document = document_orders.order(
        request.user,
        found.year,
        found.cut_off,
        project=found.project,
        submission=submission_token(request.POST.get("submission", "")),
        snapshot=found,
    )
    return redirect("grants:document", document.public_id)


@require_safe
@requires(PERMISSION)
def explain(request: AuthenticatedRequest, public_id: uuid.UUID, course: uuid.UUID) -> HttpResponse:
    """One citizen of what was shown, explained from the spells that were kept."""
    found = _kept_or_404(request, public_id, SnapshotKind.PROJECT)
    draft = snapshots.read(found).of_course(course)
    context = {"back_url": reverse("grants:kept", args=[public_id]), "snapshot": found}
    return explained(request, draft, course, context)


@require_safe
@requires(PERMISSION)
def unused(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The spells that gave nothing, as they were then."""
    found = _kept_or_404(request, public_id, SnapshotKind.PROJECT)
    draft = snapshots.read(found)
    said = _("As shown on %(day)s, not current. Each with the reason, up to and including %(cut_off)s.") % {
        "day": date_format(timezone.localtime(found.first_shown_at), "DATE_FORMAT"),
        "cut_off": date_format(draft.cut_off, "DATE_FORMAT"),
    }

    def address(course: uuid.UUID) -> str:
        return reverse("grants:kept_explain", args=[public_id, course])

    title = _("As it was shown: %(title)s") % {"title": _of(found, draft)}
    back = BackLink(reverse("grants:kept", args=[public_id]), title)
    return without_use(request, draft, address, said, back)


@require_safe
@requires(PERMISSION)
def difference(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """What has changed since: figures and events of then against a reckoning made now, which is kept too."""
    found = _kept_or_404(request, public_id)
    was = snapshots.read(found)
    now = _now(request, found)
    keep(request, now, SnapshotKind(found.kind), ShowingChannel.DIFFERENCE)
    parts = changed(was, now, events=found.kind != SnapshotKind.OVERVIEW)
    shown = [change.citizen_public_id for part in parts for change in part.changes]
    record_shown(request.user, "grants.kept_difference", list(dict.fromkeys(shown)))
    context = {
        "snapshot": found,
        "draft": was,
        "title": _of(found, was),
        "back_url": reverse("grants:kept", args=[public_id]),
        "parts": [
            difference_part(part, was.terms, _address(found, part.slug, query_of(was))) for part in parts
        ],
    }
    return render_page(request, "grants/difference.html", context)


def _now(request: AuthenticatedRequest, found: Snapshot) -> Draft:
    """Today's reckoning of the same projects, year and cut-off."""
    projects = statement_projects(request.user).filter(pk__in=found.projects)
    try:
        if found.kind == SnapshotKind.OVERVIEW:
            return figures(found.year, found.cut_off, projects)
        return compute(found.year, found.cut_off, projects, with_accounts=found.kind == SnapshotKind.PROJECT)
    except NoTermsError as error:
        raise Http404 from error


def _address(found: Snapshot, slug: str, query: str) -> Callable[[Change], str]:
    """Where a changed event is explained: today, or as it was kept where it is no longer earned."""

    def address(change: Change) -> str:
        if change.nature is not Nature.REMOVED:
            return f"{reverse('grants:explain', args=[slug, change.course_public_id])}?{query}"
        if found.kind == SnapshotKind.PROJECT:
            return reverse("grants:kept_explain", args=[found.public_id, change.course_public_id])
        return f"{reverse('grants:project', args=[slug])}?{query}"

    return address
