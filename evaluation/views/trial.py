"""The agency's page of the trial, its files, and the target groups it is held against (D3, D4)."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit.access import requires
from evaluation.forms import TargetGroupForm, TrialForm
from evaluation.trial import presentation
from evaluation.trial import report as trials
from evaluation.trial import target_groups as counts
from jobfirst import clock, mode
from jobfirst.exchange.writing import csv_text
from jobfirst.kit.pages import render_page
from jobfirst.pdf.documents import pdf_response, render_pdf


def _asked_for(request: HttpRequest) -> tuple[TrialForm, trials.TrialReport]:
    """The report that the address names; today and the whole trial where it names nothing that can be."""
    form = TrialForm(request.GET or None)
    stated: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    on: datetime.date = stated.get("on") or clock.today()
    return form, trials.report(on, stated.get("project"))


@require_GET
@requires("evaluation.view_trial")
def trial(request: HttpRequest) -> HttpResponse:
    """Enrolment, mix, flow, balance and guessability, for the whole trial or one project."""
    form, found = _asked_for(request)
    context = {
        **presentation.page_context(found),
        "form": form,
        "query": request.GET.urlencode(),
        "with_picture": True,
    }
    return render_page(request, "evaluation/trial.html", context, fragment="evaluation/trial_part.html")


@require_GET
@requires("evaluation.view_trial")
def download_trial(request: HttpRequest, file_format: str) -> HttpResponse:
    """The same as PDF or CSV."""
    if file_format not in {"pdf", "csv"}:
        raise Http404
    _form, found = _asked_for(request)
    name = f"forsoeg-{found.project.slug if found.project else 'alle'}-{found.on}.{file_format}"
    if file_format == "pdf":
        return pdf_response(render_pdf("evaluation/trial_pdf.html", presentation.page_context(found)), name)
    rehearsal = str(mode.is_rehearsal()).lower()
    rows = [(*line, found.on.isoformat(), rehearsal) for line in trials.cells(found)]
    text = csv_text(("section", "what", "measure", "value", "on", "rehearsal"), rows)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@requires("evaluation.enter_target_groups")
def target_groups(request: HttpRequest) -> HttpResponse:
    """Enter a municipality's own target groups."""
    form = TargetGroupForm(request.POST or None, initial={"as_of": clock.today()})
    back = reverse("evaluation:trial")
    form.helper.cancel_url = back
    if request.method == "POST" and form.is_valid():
        stated = form.cleaned_data
        counts.enter_count(
            stated["municipality"].pk, stated["as_of"], stated["resource_programme"], stated["activity_ready"]
        )
        messages.success(request, _("The target groups are saved."))
        return redirect(back)
    context = {
        "form": form,
        "page_title": _("Target groups of a municipality"),
        "page_intro": _(
            "How many citizens the municipality has in each target group. "
            "The mix of both arms should mirror it."
        ),
        "back_url": back,
        "back_label": _("The trial"),
    }
    return render_page(request, "kit/form_page.html", context)
