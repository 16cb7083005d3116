"""The page on which a project leader answers a doubt about the statement's events (D58)."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_refused, record_shown, requires
from grants.presentation.doubts import doubt_rows, doubt_table
from grants.reckoning.frame import NoTermsError
from grants.reckoning.statement import StatementView
from grants.statements.doubt_answers import open_doubts
from grants.statements.doubt_forms import AnswerDoubtForm
from grants.statements.forms import StatementForm
from grants.statements.views.common import project_or_404
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data


def doubt_context(
    view: StatementView, *, may_answer: bool, statement: uuid.UUID | None = None
) -> dict[str, Any]:
    """Return the doubts of a project's statement for a page; with links for who may answer them.

    `statement` is that of the page, to which the answer leads back; None: the project's draft.
    """
    (item,) = view.projects

    def address(key: str) -> str:
        back = {"statement": str(statement)} if statement else {}
        query = urlencode({"cut_off": view.cut_off.isoformat(), "year": view.year, "doubt": key, **back})
        return f"{reverse('grants:answer_doubt', args=[item.project.slug])}?{query}"

    return {
        "doubts": doubt_table(item.doubts, address if may_answer else None),
        "doubt_count": len(item.doubts),
        "unanswered_count": len(item.unanswered),
    }


@edit_page
@requires("grants.submit_statement")
def answer_doubt(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Answer one doubt of the project's draft or statement, or all of its sort at once."""
    project = project_or_404(request, slug, "grants.answer_doubt")
    if not request.user.has_perm("grants.submit_statement", project):
        record_refused(request.user, "grants.answer_doubt", slug)
        raise Http404
    asked = StatementForm(request.GET, year=clock.today().year)
    if not asked.is_valid():
        return redirect("grants:project", slug)
    cut_off = asked.cleaned_data["cut_off"]
    back = _back_url(request, project, cut_off.isoformat())
    try:
        doubts = open_doubts(project, cut_off, clock.today())
    except NoTermsError as error:
        messages.error(request, str(error))
        return redirect("grants:project", slug)
    doubt = doubts.find(request.GET.get("doubt", ""))
    if doubt is None:
        messages.info(request, _("This doubt is open no more: it was settled, or the statement is approved."))
        return redirect(back)
    record_shown(request.user, "grants.answer_doubt", [doubt.citizen.public_id])
    (row,) = doubt_rows([doubt])
    alike = sum(
        other.answer is None and other.doubt.about.kind is doubt.doubt.about.kind and other.key != doubt.key
        for other in doubts.doubts
    )
    form = AnswerDoubtForm(form_data(request), project=project, cut_off=cut_off, row=row, alike=alike)
    context = {"course_id": doubt.citizen.public_id}
    return answer_form(request, form, back_url=back, template="grants/answer_doubt.html", context=context)


def _back_url(request: AuthenticatedRequest, project: Project, cut_off: str) -> str:
    """Return the page from which the doubt was opened: a statement, or the project's draft."""
    try:
        return reverse("grants:stored", args=[uuid.UUID(request.GET.get("statement", ""))])
    except ValueError:
        query = urlencode({"year": cut_off[:4], "cut_off": cut_off})
        return f"{reverse('grants:project', args=[project.slug])}?{query}"
