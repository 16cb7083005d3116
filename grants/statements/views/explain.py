"""Why an amount is what it is: one citizen's spells, days and holes; and the spells that gave nothing."""

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
from grants.models import Kind, Way
from grants.presentation import explanation
from grants.presentation.tables.events import UnusedTable, unused_rows
from grants.presentation.tables.statements import query_of
from grants.reckoning.statement import Draft
from grants.statements.forms import StatementForm
from grants.statements.views.common import BackLink, keep, project_or_404
from grants.statements.views.draft import in_full
from grants.statements.views.life import statement_or_404
from grants.storage import submitted
from jobfirst import clock
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@require_safe
@requires("grants.view_statements")
def explain(request: AuthenticatedRequest, slug: str, public_id: uuid.UUID) -> HttpResponse:
    """One citizen of a draft: pseudonym for the agency, the way to the course for the project."""
    project = project_or_404(request, slug, "grants.explain")
    draft = StatementForm(request.GET, year=clock.today().year).draft([project], in_full)
    if draft is None or not draft.of_course(public_id).citizens():
        record_refused(request.user, "grants.explain", public_id)
        raise Http404
    back = f"{reverse('grants:project', args=[slug])}?{query_of(draft)}"
    kept = keep(request, draft, Kind.PROJECT, Way.EXPLANATION)
    # The name is never a part of what is kept: it comes from the course, for whoever may open it.
    course = Course.objects.visible_to(request.user).filter(public_id=public_id)
    context = {"back_url": back, "kept": kept, "course": course.select_related("citizen", "referral").first()}
    return explained(request, draft.of_course(public_id), public_id, context)


@require_safe
@requires("grants.view_statements")
def explain_stored(request: AuthenticatedRequest, public_id: uuid.UUID, course: uuid.UUID) -> HttpResponse:
    """One citizen of a submitted statement, from what was stored."""
    found = statement_or_404(request, public_id, "grants.explain_stored")
    draft = submitted.read(found, course, accounts=True)
    return explained(request, draft, course, {"back_url": reverse("grants:stored", args=[public_id])})


def explained(
    request: AuthenticatedRequest, draft: Draft, course: uuid.UUID, context: dict[str, Any]
) -> HttpResponse:
    """The page that explains a draft of one course; 404 when nobody is in it.

    The companies' names are those of the draft, for the project leader; the agency sees their numbers.
    """
    (own,) = draft.projects
    leads = request.user.has_perm("grants.submit_statement", own.project)
    words = explanation.explain(own, draft.scheme, own.companies if leads else {})
    if words is None:
        record_refused(request.user, "grants.explain", course)
        raise Http404
    record_shown(request.user, "grants.explain", draft.citizens())
    context |= {
        "project": own.project,
        "draft": draft,
        "words": words,
        "course_url": reverse("cases:course", args=[course]) if leads else "",
    }
    return render_page(request, "grants/explanation.html", context)


@require_safe
@requires("grants.view_statements")
def unused(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Every spell of the project that gave nothing, with the reason."""
    project = project_or_404(request, slug, "grants.unused")
    draft = StatementForm(request.GET, year=clock.today().year).draft([project], in_full)
    if draft is None:
        raise Http404
    query = query_of(draft)
    keep(request, draft, Kind.PROJECT, Way.UNUSED)
    return without_use(
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


def without_use(
    request: AuthenticatedRequest,
    draft: Draft,
    address: Callable[[uuid.UUID], str],
    intro: str,
    back: BackLink,
) -> HttpResponse:
    """The list of a draft's spells that gave nothing; `address` gives the explanation, by the course;
    `back` leads to the page it is a part of."""
    (own,) = draft.projects
    rows = unused_rows(own)
    table = paged(request, UnusedTable(rows, address))
    shown = [row.who.public_id for row in table.records] if rows else []
    record_shown(request.user, "grants.unused", list(dict.fromkeys(shown)))
    context = {
        "page_title": _("Spells that gave nothing: %(project)s") % {"project": own.project},
        "page_intro": intro,
        "back": back,
        "table": table,
        "empty": Empty(_("Every spell has given what it can.")),
    }
    return render_page(request, "grants/unused.html", context, fragment="kit/list_fragment.html")
