"""Explanations: one citizen's spells, days and holes; and the list of spells that earned nothing."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from cases.models import Course
from grants.models import ShowingChannel, SnapshotKind
from grants.presentation import explanation
from grants.presentation.tables.events import UnusedTable, unused_rows
from grants.presentation.tables.statements import query_of
from grants.reckoning.statement import StatementView
from grants.statements.forms import StatementForm
from grants.statements.views.common import BackLink, project_or_404, save_snapshot
from grants.statements.views.drafts import in_full
from grants.statements.views.lifecycle import statement_or_404
from grants.storage import submitted
from jobfirst import clock
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@require_safe
@requires("grants.view_statements")
def explain(request: AuthenticatedRequest, slug: str, public_id: uuid.UUID) -> HttpResponse:
    """The explanation of one citizen of a draft; the project leader also gets a link to the course."""
    project = project_or_404(request, slug, "grants.explain")
    draft = StatementForm(request.GET, year=clock.today().year).draft([project], in_full)
    if draft is None or not draft.of_course(public_id).citizens():
        record_refused(request.user, "grants.explain", public_id)
        raise Http404
    back_url = f"{reverse('grants:project', args=[slug])}?{query_of(draft)}"
    snapshot_ref = save_snapshot(request, draft, SnapshotKind.PROJECT, ShowingChannel.EXPLANATION)
    # The name is not in the snapshot: it comes from the course, for whoever may open it: not the agency.
    courses = Course.objects.visible_to(request.user).filter(public_id=public_id)
    if not request.user.has_perm("grants.submit_statement", project):
        courses = courses.none()
    context = {
        "back_url": back_url,
        "snapshot_ref": snapshot_ref,
        "course": courses.select_related("citizen", "referral").first(),
    }
    return render_explanation(request, draft.of_course(public_id), public_id, context)


@require_safe
@requires("grants.view_statements")
def explain_stored(request: AuthenticatedRequest, public_id: uuid.UUID, course: uuid.UUID) -> HttpResponse:
    """The explanation of one citizen of a submitted statement."""
    statement = statement_or_404(request, public_id, "grants.explain_stored")
    view = submitted.read(statement, course, with_spells=True)
    return render_explanation(request, view, course, {"back_url": reverse("grants:stored", args=[public_id])})


def render_explanation(
    request: AuthenticatedRequest, view: StatementView, course: uuid.UUID, context: dict[str, Any]
) -> HttpResponse:
    """Return the page that explains a statement of one course; 404 when no citizen is in it.

    The project leader sees the companies' names, the agency their CVR numbers.
    """
    (statement,) = view.projects
    leads = request.user.has_perm("grants.submit_statement", statement.project)
    words = explanation.explain(statement, view.terms, statement.companies if leads else {})
    if words is None:
        record_refused(request.user, "grants.explain", course)
        raise Http404
    record_shown(request.user, "grants.explain", view.citizens())
    context |= {
        "project": statement.project,
        "view": view,
        "words": words,
        "course_url": reverse("cases:course", args=[course]) if leads else "",
    }
    return render_page(request, "grants/explanation.html", context)


@require_safe
@requires("grants.view_statements")
def unused(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Every spell of the project that earned nothing, with the reason."""
    project = project_or_404(request, slug, "grants.unused")
    draft = StatementForm(request.GET, year=clock.today().year).draft([project], in_full)
    if draft is None:
        raise Http404
    query = query_of(draft)
    save_snapshot(request, draft, SnapshotKind.PROJECT, ShowingChannel.UNUSED)
    return render_unused_spells(
        request,
        draft,
        lambda course: f"{reverse('grants:explain', args=[slug, course])}?{query}",
        _("Each with the reason, up to and including %(day)s.")
        % {"day": date_format(draft.cut_off, "DATE_FORMAT")},
        BackLink(
            f"{reverse('grants:project', args=[slug])}?{query}",
            _("Grant statement: %(project)s") % {"project": project},
        ),
    )


def render_unused_spells(
    request: AuthenticatedRequest,
    view: StatementView,
    address: Callable[[uuid.UUID], str],
    intro: str,
    back: BackLink,
) -> HttpResponse:
    """Return the list of a statement's unused spells.

    `address` returns the address of an explanation by the course; `back` leads to the page it belongs to.
    """
    (statement,) = view.projects
    rows = unused_rows(statement)
    table = paged(request, UnusedTable(rows, address))
    citizens = [row.citizen.public_id for row in table.records] if rows else []
    record_shown(request.user, "grants.unused", list(dict.fromkeys(citizens)))
    context = {
        "page_title": _("Spells that gave nothing: %(project)s") % {"project": statement.project},
        "page_intro": intro,
        "back": back,
        "table": table,
        "empty": Empty(_("Every spell has given what it can.")),
    }
    return render_page(request, "grants/unused_spells.html", context, fragment="kit/list_fragment.html")
