"""Dated terms and awards: entered by the agency, seen by the project leader (D25, D26, D31, D32).

Everything entered has a day from which it holds and a reason. Rows are never edited: a change is a new row.
"""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import requires
from grants.awards.forms import ApplicationForm, AwardForm, TermsForm
from grants.models import Award, GrantTerms
from grants.statements.views.common import project_or_404
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import render_page
from jobfirst.values.dates import in_force


@require_safe
@requires("grants.view_statements")
def terms(request: AuthenticatedRequest) -> HttpResponse:
    """The terms of the grant, the latest first, each with its reason."""
    today = clock.today()
    rows = list(GrantTerms.objects.order_by("-valid_from"))
    context = {
        "rows": rows,
        "in_force": in_force(rows, today),
        "may_enter": request.user.has_perm("grants.enter_awards"),
    }
    return render_page(request, "grants/terms.html", context)


@edit_page
@requires("grants.enter_awards")
def new_terms(request: AuthenticatedRequest) -> HttpResponse:
    """Terms from a day on; the fields begin as the terms in force today have them."""
    today = clock.today()
    form = TermsForm(form_data(request), now=GrantTerms.objects.in_force_or_first(today), today=today)
    return answer_form(request, form, back_url=reverse("grants:terms"))


@require_safe
@requires("grants.view_statements")
def award(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """A project's award in force, the ones before it, and its application."""
    project = project_or_404(request, slug, "grants.award")
    rows = list(
        Award.objects.filter(project=project)
        .select_related("entered_by")
        .prefetch_related("budget", "fixed_grants__municipality")
    )
    today = clock.today()
    applications = list(project.applications.select_related("entered_by"))
    context: dict[str, Any] = {
        "project": project,
        "rows": rows,
        "in_force": in_force(rows, today),
        "application": applications[0] if applications else None,
        "earlier_applications": applications[1:],
        "may_enter": request.user.has_perm("grants.enter_awards"),
    }
    return render_page(request, "grants/award.html", context)


@edit_page
@requires("grants.enter_awards")
def new_award(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """An award from a day on: target count, fixed grant per municipality, budget per category."""
    project = project_or_404(request, slug, "grants.new_award")
    form = AwardForm(form_data(request), project=project, today=clock.today())
    return answer_form(request, form, back_url=reverse("grants:award", args=[slug]))


@edit_page
@requires("grants.enter_awards")
def application(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """The record of the project's application; a correction is entered anew, with its reason."""
    project = project_or_404(request, slug, "grants.application")
    form = ApplicationForm(form_data(request), project=project, now=clock.now())
    return answer_form(request, form, back_url=reverse("grants:award", args=[slug]))
