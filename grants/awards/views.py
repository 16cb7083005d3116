"""Dated terms and awards: entered by the agency, seen by the project leader (D25, D26, D31, D32).

Everything entered has a day it holds from and a reason. Nothing is edited: a change is a new row, and the
history stands below.
"""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import requires
from grants.awards import actions
from grants.awards.forms import ApplicationForm, AwardForm, TermsForm
from grants.models import Award, GrantScheme
from grants.statements.views.common import project_or_404
from jobfirst import clock
from jobfirst.dates import in_force
from jobfirst.kit.forms import attempt, form_helper
from jobfirst.kit.pages import render_page


@require_safe
@requires("grants.view_statements")
def terms(request: AuthenticatedRequest) -> HttpResponse:
    """The terms of the grant, the latest first, each with its reason."""
    today = clock.today()
    rows = list(GrantScheme.objects.order_by("-valid_from"))
    context = {
        "rows": rows,
        "in_force": in_force(rows, today),
        "may_enter": request.user.has_perm("grants.enter_awards"),
    }
    return render_page(request, "grants/terms.html", context)


@require_http_methods(["GET", "POST"])
@requires("grants.enter_awards")
def new_terms(request: AuthenticatedRequest) -> HttpResponse:
    """Terms from a day on; the fields begin as the terms in force today have them."""
    today = clock.today()
    form = TermsForm(request.POST or None, now=GrantScheme.objects.in_force(today), today=today)
    back = reverse("grants:terms")
    entered = attempt(form, form.entered) if request.method == "POST" and form.is_valid() else None
    if entered:
        messages.success(request, _("The terms are entered."))
        return redirect(back)
    form.helper = form_helper(_("Enter the terms"), cancel_url=back)  # type: ignore[attr-defined]  # crispy's
    context = {
        "form": form,
        "page_title": _("New terms of the grant"),
        "page_intro": _("They hold from the day you state. Earlier events keep the terms of their own day."),
        "back_url": back,
    }
    return render_page(request, "kit/form_page.html", context)


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


@require_http_methods(["GET", "POST"])
@requires("grants.enter_awards")
def new_award(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """An award from a day on: target count, fixed grant per municipality, budget per category."""
    project = project_or_404(request, slug, "grants.new_award")
    form = AwardForm(request.POST or None, project=project, today=clock.today())
    back = reverse("grants:award", args=[slug])
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = attempt(
            form,
            lambda: actions.enter_award(
                project,
                said["valid_from"],
                said["target_count"],
                request.user,
                reason=said["reason"],
                fixed=form.fixed(),
                budget=form.budget(),
            ),
        )
        if made:
            messages.success(request, _("The award is entered."))
            return redirect(back)
    form.helper = form_helper(_("Enter the award"), cancel_url=back)  # type: ignore[attr-defined]  # crispy's
    context = {
        "form": form,
        "page_title": _("New award: %(project)s") % {"project": project},
        "back_url": back,
    }
    return render_page(request, "kit/form_page.html", context)


@require_http_methods(["GET", "POST"])
@requires("grants.enter_awards")
def application(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """The record of the project's application; a correction is entered anew, with its reason."""
    project = project_or_404(request, slug, "grants.application")
    form = ApplicationForm(request.POST or None, project=project, now=clock.now())
    back = reverse("grants:award", args=[slug])
    if request.method == "POST" and form.is_valid():
        form.entered(request.user)
        messages.success(request, _("The application is recorded."))
        return redirect(back)
    form.helper = form_helper(_("Record the application"), cancel_url=back)  # type: ignore[attr-defined]  # crispy's
    context = {
        "form": form,
        "page_title": _("Application: %(project)s") % {"project": project},
        "back_url": back,
    }
    return render_page(request, "kit/form_page.html", context)
