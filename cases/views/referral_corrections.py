"""Correct a referral: the name, the CPR number, the facts, and whether it stands (D39-D41)."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import Municipality
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown
from audit.limits import counted
from audit.usage import Usage
from cases.access import get_referral_or_404
from cases.actions.referral_corrections import is_drawn
from cases.forms.referral_corrections import (
    CorrectNameForm,
    CorrectReferralForm,
    ReplaceNumberForm,
    RestoreReferralForm,
    WithdrawReferralForm,
)
from cases.models import Citizen, Course, Referral, ReferralState
from cases.views.common import course_url
from jobfirst import clock, mode
from jobfirst.kit.editing import answer_form, edit_page, errors_shown_in, form_data
from jobfirst.row_security.context import all_projects


@edit_page
def correct_name(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct the citizen's name as the project registered it, at any time (D39)."""
    referral = get_referral_or_404(request, public_id, "referral.name", "cases.correct_referral")
    form = CorrectNameForm(form_data(request), referral=referral, initial={"name": referral.name})
    return answer_form(request, form, back_url=_citizens_page(request, referral))


@sensitive_post_parameters()
@edit_page
def replace_number(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the citizen's new CPR number, drawn or not (D40)."""
    referral = get_referral_or_404(request, public_id, "referral.number", "cases.replace_number")
    if referral.state != ReferralState.ACCEPTED:
        return _not_now(
            request,
            referral,
            _("The referral does not stand. Refer the citizen again with the right number."),
        )
    form = ReplaceNumberForm(form_data(request), referral=referral)
    if request.method == "POST" and form.is_valid():
        with (
            errors_shown_in(form),
            counted(request.user, Usage.CPR_SEARCH),
            all_projects("the answer rests on the citizen of whatever project, and the record names her"),
        ):
            holders = Citizen.objects.with_cpr(form.cleaned_data["cpr"]).exclude(pk=referral.citizen_id)
            record_shown(request.user, "referral.check", holders.values_list("public_id", flat=True))
    return answer_form(request, form, back_url=_citizens_page(request, referral))


@edit_page
def correct_referral(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct what was stated, as long as the referral is not drawn; the answer follows (D41)."""
    referral = get_referral_or_404(request, public_id, "referral.correct", "cases.correct_referral")
    if is_drawn(referral):
        return _drawn(request, referral)
    if referral.state == ReferralState.WITHDRAWN:
        return _not_now(request, referral, _("The referral is taken back. Let it stand again first."))
    form = CorrectReferralForm(
        form_data(request),
        referral=referral,
        municipalities=Municipality.objects.filter(place__project=referral.project_id),
        not_after=mode.last_day_allowed(clock.today()),
        initial=_stored_facts(referral),
    )
    return answer_form(request, form, back_url=_page(referral))


@edit_page
def withdraw_referral(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Take a referral back that is not drawn (D41)."""
    referral = get_referral_or_404(request, public_id, "referral.withdraw", "cases.correct_referral")
    if is_drawn(referral):
        return _drawn(request, referral)
    form = WithdrawReferralForm(form_data(request), referral=referral)
    return answer_form(request, form, back_url=_page(referral))


@edit_page
def restore_referral(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a referral stand again that was taken back (D41)."""
    referral = get_referral_or_404(request, public_id, "referral.restore", "cases.correct_referral")
    if is_drawn(referral):
        return _drawn(request, referral)
    form = RestoreReferralForm(form_data(request), referral=referral)
    return answer_form(request, form, back_url=_page(referral))


def _stored_facts(referral: Referral) -> dict[str, Any]:
    return {
        "municipality": referral.municipality_id,
        "target_group": referral.target_group,
        "benefit": referral.benefit,
        "public_support_since": referral.public_support_since,
        "activity_ready": str(referral.activity_ready).lower(),
        "in_integration_programme": str(referral.in_integration_programme).lower(),
        "referred_on": referral.referred_on,
    }


def _drawn(request: AuthenticatedRequest, referral: Referral) -> HttpResponse:
    return _not_now(
        request,
        referral,
        _("The citizen has been drawn: the referral stays as it was drawn. Record what was wrong there."),
    )


def _not_now(request: AuthenticatedRequest, referral: Referral, message: str) -> HttpResponse:
    messages.error(request, message)
    return redirect(_page(referral))


def _page(referral: Referral) -> str:
    return reverse("cases:referral", args=[referral.public_id])


def _citizens_page(request: AuthenticatedRequest, referral: Referral) -> str:
    """Return the address of the course, if the user sees one, else of the referral."""
    course = Course.objects.visible_to(request.user).filter(referral=referral).first()
    return _page(referral) if course is None else course_url(course, "citizen")
