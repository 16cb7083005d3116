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
from jobfirst import clock, mode
from jobfirst.exchange.writing import csv_text
from jobfirst.kit.pages import render_page
from jobfirst.pdf import pdf_response, render_pdf
from randomization import exchange
from randomization import trial as trials
from randomization.forms import TargetGroupForm, TrialForm

# Half the width of the picture of a standardised difference, and its scale.
PICTURE_HALF = 100
PICTURE_LIMIT = 0.5


def _asked_for(request: HttpRequest) -> tuple[TrialForm, trials.TrialReport]:
    """The report that the address names; today and the whole trial where it names nothing that can be."""
    form = TrialForm(request.GET or None)
    stated: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    on: datetime.date = stated.get("on") or clock.today()
    return form, trials.report(on, stated.get("project"))


@require_GET
@requires("randomization.view_trial")
def trial(request: HttpRequest) -> HttpResponse:
    """Enrolment, mix, flow, balance and guessability, for the whole trial or one project."""
    form, found = _asked_for(request)
    context = {**_shown(found), "form": form, "query": request.GET.urlencode(), "with_picture": True}
    return render_page(request, "randomization/trial.html", context, fragment="randomization/trial_part.html")


@require_GET
@requires("randomization.view_trial")
def download_trial(request: HttpRequest, file_format: str) -> HttpResponse:
    """The same as PDF or CSV."""
    if file_format not in {"pdf", "csv"}:
        raise Http404
    _form, found = _asked_for(request)
    name = f"forsoeg-{found.project.slug if found.project else 'alle'}-{found.on}.{file_format}"
    if file_format == "pdf":
        return pdf_response(render_pdf("randomization/trial_pdf.html", _shown(found)), name)
    rehearsal = str(mode.is_rehearsal()).lower()
    rows = [(*line, found.on.isoformat(), rehearsal) for line in trials.cells(found)]
    text = csv_text(("section", "what", "measure", "value", "on", "rehearsal"), rows)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@requires("randomization.enter_target_groups")
def target_groups(request: HttpRequest) -> HttpResponse:
    """Enter a municipality's own target groups."""
    form = TargetGroupForm(request.POST or None, initial={"as_of": clock.today()})
    back = reverse("randomization:trial")
    form.helper.cancel_url = back
    if request.method == "POST" and form.is_valid():
        stated = form.cleaned_data
        exchange.enter_count(
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


def _shown(found: trials.TrialReport) -> dict[str, Any]:
    """The report as the templates show it."""
    return {
        "report": found,
        "balance": [_balance(row) for row in found.balance],
        "guess_percent": 100 * found.guess,
        "half": PICTURE_HALF,
        "whole": 2 * PICTURE_HALF,
    }


def _balance(row: trials.BalanceRow) -> dict[str, Any]:
    """A line of the balance table: shares in percent, other means as they are."""
    factor = 100 if row.percent else 1
    ours, theirs = row.difference.participants, row.difference.controls
    return {
        "row": row,
        "ours": None if ours is None else factor * ours,
        "theirs": None if theirs is None else factor * theirs,
        "picture": _picture(row.difference),
    }


def _picture(difference: Any) -> dict[str, int] | None:
    """Where the dot and chance's band lie in the picture, in its own units."""
    if difference.standardised is None:
        return None
    scale = PICTURE_HALF / PICTURE_LIMIT
    dot = max(-PICTURE_LIMIT, min(PICTURE_LIMIT, difference.standardised))
    band = min(PICTURE_LIMIT, difference.band)
    return {
        "dot": round(PICTURE_HALF + dot * scale),
        "from": round(PICTURE_HALF - band * scale),
        "width": round(2 * band * scale),
    }
