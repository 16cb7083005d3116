"""Why an amount is what it is: one citizen's spells, days and holes; and the spells that gave nothing."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Project
from audit.access import record_refused, record_shown, requires
from cases.models import Course
from companies.models import Company
from grants import explanation, stored
from grants.draft import Draft
from grants.forms import StatementForm
from grants.statement import compute
from grants.tables import UnusedRow, UnusedTable, query_of
from grants.views.common import project_or_404
from grants.views.life import statement_or_404
from jobfirst import clock
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@require_safe
@requires("grants.view_statements")
def explain(request: HttpRequest, slug: str, public_id: uuid.UUID) -> HttpResponse:
    """One citizen of a draft: pseudonym for the agency, the way to the course for the project."""
    project = project_or_404(request, slug, "grants.explain")
    form = StatementForm(request.GET, year=clock.today().year)
    known = Course.objects.filter(project=project, public_id=public_id).exists()
    draft = None
    if known and form.is_valid() and form.draft([]) is not None:
        said = form.cleaned_data
        draft = compute(
            said["year"], said["cut_off"], [project], course_public_id=public_id, with_accounts=True
        )
    if draft is None:
        record_refused(request.user, "grants.explain", public_id)
        raise Http404
    back = f"{reverse('grants:project', args=[slug])}?{query_of(draft)}"
    return _page(request, draft, project, public_id, back)


@require_safe
@requires("grants.view_statements")
def explain_stored(request: HttpRequest, public_id: uuid.UUID, course: uuid.UUID) -> HttpResponse:
    """One citizen of a submitted statement, from what was stored."""
    found = statement_or_404(request, public_id, "grants.explain_stored")
    draft = stored.read(found, course, accounts=True)
    back = reverse("grants:stored", args=[public_id])
    return _page(request, draft, found.project, course, back)


def _page(
    request: HttpRequest, draft: Draft, project: Project, public_id: uuid.UUID, back: str
) -> HttpResponse:
    (own,) = draft.projects
    leads = request.user.has_perm("grants.submit_statement", project)
    companies = {}
    if leads:
        numbers = {spell.company for account in own.accounts for spell in account.spells}
        companies = dict(Company.objects.filter(cvr__in=numbers).values_list("cvr", "name"))
    words = explanation.explain(own, companies)
    if words is None:
        record_refused(request.user, "grants.explain", public_id)
        raise Http404
    record_shown(request.user, "grants.explain", draft.citizens())
    context: dict[str, Any] = {
        "project": project,
        "draft": draft,
        "words": words,
        "course_url": reverse("cases:course", args=[public_id]) if leads else "",
        "back_url": back,
    }
    return render_page(request, "grants/explanation.html", context)


@require_safe
@requires("grants.view_statements")
def unused(request: HttpRequest, slug: str) -> HttpResponse:
    """Every spell of the project that gave nothing, with the reason."""
    project = project_or_404(request, slug, "grants.unused")
    form = StatementForm(request.GET, year=clock.today().year)
    if not form.is_valid() or form.draft([]) is None:
        raise Http404
    said = form.cleaned_data
    draft = compute(said["year"], said["cut_off"], [project], with_accounts=True)
    (own,) = draft.projects
    rows = []
    for account in own.accounts:
        reasons = {item.spell_id: item for item in account.unused}
        rows += [
            UnusedRow(account.who, spell, reasons[spell.id])
            for spell in account.spells
            if spell.id in reasons
        ]
    table = paged(request, UnusedTable(rows, slug, query_of(draft)))
    shown = [row.record.who.public_id for row in table.page] if rows else []
    record_shown(request.user, "grants.unused", list(dict.fromkeys(shown)))
    context = {
        "page_title": _("Spells that gave nothing: %(project)s") % {"project": project},
        "page_intro": _("Each with the reason, up to and including %(day)s.")
        % {"day": draft.cut_off.isoformat()},
        "table": table,
        "empty": Empty(_("Every spell has given what it can.")),
    }
    return render_page(request, "kit/list_page.html", context, fragment="kit/list_fragment.html")
