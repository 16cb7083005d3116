"""The agency's pages of the questionnaire: versions, preview with changes, drafts, publishing (D23)."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import requires
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data
from jobfirst.kit.pages import render_page
from progression.actions import questionnaires
from progression.actions.questionnaires import Part
from progression.forms.questionnaires import (
    CategoryForm,
    PartForm,
    PublishForm,
    QuestionForm,
    ScaleForm,
    StepWordsForm,
)
from progression.models import ANNEX, TOOL, Category, Question, QuestionnaireVersion, Scale, ScaleStep
from progression.presentation.version_changes import changes_since

MANAGE = "progression.manage_questionnaires"

#: The kinds of parts by their word in the address.
MODELS: dict[str, type[Part]] = {
    "omraade": Category,
    "spoergsmaal": Question,
    "skala": Scale,
    "trin": ScaleStep,
}
FORMS: dict[str, type[PartForm]] = {
    "omraade": CategoryForm,
    "spoergsmaal": QuestionForm,
    "skala": ScaleForm,
    "trin": StepWordsForm,
}


@require_safe
@requires(MANAGE)
def versions(request: AuthenticatedRequest) -> HttpResponse:
    """List the versions of each questionnaire, the newest first."""
    return render_page(
        request, "progression/versions.html", {"questionnaires": [_versions_of(TOOL), _versions_of(ANNEX)]}
    )


def _versions_of(questionnaire: str) -> dict[str, Any]:
    """Return the versions of a questionnaire, the one in force, and whether there is a draft."""
    rows = list(QuestionnaireVersion.objects.of(questionnaire).select_related("published_by"))
    in_force = QuestionnaireVersion.objects.of(questionnaire).in_force(clock.today()).first()
    return {
        "code": questionnaire,
        "versions": rows,
        "in_force": in_force,
        "has_draft": any(row.is_draft for row in rows),
    }


def _version(questionnaire: str, number: int) -> QuestionnaireVersion:
    versions = QuestionnaireVersion.objects.of(questionnaire).select_related("questionnaire")
    version = versions.filter(number=number).first()
    if version is None:
        raise Http404
    return version


def _draft(questionnaire: str, number: int) -> QuestionnaireVersion:
    """Return the draft with this number; 404 for a published version."""
    version = _version(questionnaire, number)
    if not version.is_draft:
        raise Http404
    return version


def _part(questionnaire: str, number: int, kind: str, code: str) -> Part:
    """Return a part of a draft by its kind and code; a step by its scale's code and its value."""
    draft = _draft(questionnaire, number)
    if kind not in MODELS:
        raise Http404
    scale, _dash, value = code.rpartition("-")
    condition = {"scale__code": scale, "value": value} if kind == "trin" else {"code": code}
    if kind == "trin" and not value.isdigit():
        raise Http404
    part = MODELS[kind]._default_manager.filter(version=draft, **condition).first()
    if part is None:
        raise Http404
    part.version = draft
    return part


def _version_url(version: QuestionnaireVersion) -> str:
    return reverse("progression:version", args=[version.questionnaire.code, version.number])


@require_safe
@requires(MANAGE)
def version(request: AuthenticatedRequest, questionnaire: str, number: int) -> HttpResponse:
    """Show a version as it asks, and what it changes; a draft with what can be edited."""
    version = _version(questionnaire, number)
    before = (
        QuestionnaireVersion.objects.of(questionnaire).filter(number__lt=number).order_by("-number").first()
    )
    questions = Prefetch("questions", Question.objects.select_related("scale").order_by("order", "pk"))
    context = {
        "version": version,
        "categories": version.categories.prefetch_related(questions),
        "scales": version.scales.prefetch_related("steps"),
        "changes": [] if before is None else changes_since(before, version),
        "before": before,
    }
    return render_page(request, "progression/version.html", context)


@require_POST
@requires(MANAGE)
def new_draft(request: AuthenticatedRequest, questionnaire: str) -> HttpResponse:
    """Make a draft from the newest version, or go on with the one that there is."""
    if questionnaire not in (TOOL, ANNEX):
        raise Http404
    return redirect(_version_url(questionnaires.make_draft(questionnaire)))


@edit_page
@requires(MANAGE)
def new_part(request: AuthenticatedRequest, questionnaire: str, number: int, kind: str) -> HttpResponse:
    """Add a category, a question, a scale or a step to a draft."""
    draft = _draft(questionnaire, number)
    if kind not in MODELS:
        raise Http404
    form = FORMS[kind](form_data(request), instance=MODELS[kind](version=draft))
    return answer_form(request, form, back_url=_version_url(draft))


@edit_page
@requires(MANAGE)
def change_part(
    request: AuthenticatedRequest, questionnaire: str, number: int, kind: str, code: str
) -> HttpResponse:
    """Change a part of a draft."""
    part = _part(questionnaire, number, kind, code)
    return answer_form(
        request, FORMS[kind](form_data(request), instance=part), back_url=_version_url(part.version)
    )


@require_POST
@requires(MANAGE)
def remove_part(
    request: AuthenticatedRequest, questionnaire: str, number: int, kind: str, code: str
) -> HttpResponse:
    """Remove a part from a draft."""
    part = _part(questionnaire, number, kind, code)
    with errors_as_message(request):
        questionnaires.remove_part(part)
        messages.success(request, _("It is removed from the draft."))
    return redirect(_version_url(part.version))


@edit_page
@requires(MANAGE)
def publish(request: AuthenticatedRequest, questionnaire: str, number: int) -> HttpResponse:
    """Publish a draft from a day on."""
    draft = _draft(questionnaire, number)
    form = PublishForm(form_data(request), instance=draft, initial={"valid_from": clock.today()})
    return answer_form(request, form, back_url=_version_url(draft))


@require_POST
@requires(MANAGE)
def discard(request: AuthenticatedRequest, questionnaire: str, number: int) -> HttpResponse:
    """Throw a draft away."""
    draft = _draft(questionnaire, number)
    with errors_as_message(request):
        questionnaires.discard_draft(draft)
        messages.success(request, _("The draft is thrown away."))
    return redirect(reverse("progression:versions"))
