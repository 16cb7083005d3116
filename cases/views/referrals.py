"""Referrals: the list, the form with a check before saving, one referral (D1, D5)."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Municipality
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from audit.limits import counted
from audit.usage import Usage
from cases import actions, policy
from cases.access import get_referral_or_404
from cases.actions import ReferralData
from cases.actions.referral_corrections import is_drawn
from cases.filters import ReferralFilter
from cases.forms.referrals import ReferralForm
from cases.models import Citizen, CorrectionKind, Course, Referral, ReferralState
from cases.presentation.case_corrections import correction_lines
from cases.presentation.reasons import in_words
from cases.presentation.start import is_starting, with_start_answers
from cases.tables.referrals import ReferralTable
from cases.views.name_search import filter_data, searched_by_name
from jobfirst import clock, mode
from jobfirst.kit.editing import errors_shown_in
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from jobfirst.row_security.context import all_projects


@requires("cases.list_referrals")
@searched_by_name
def referrals(request: AuthenticatedRequest) -> HttpResponse:
    """List the referrals of the user's projects, newest first."""
    filtered = ReferralFilter(filter_data(request), queryset=Referral.objects.visible_to(request.user))
    table = paged(request, ReferralTable(filtered.qs))
    citizens = [row.citizen.public_id for row in table.records]
    if citizens:
        record_shown(request.user, table.access_action("referrals"), citizens)
    may_refer = request.user.has_perm("cases.refer")
    empty = Empty(
        _("No referral matches the filter.") if request.GET else _("Nobody is referred yet."),
        reverse("cases:new_referral") if may_refer else "",
        _("Refer a citizen"),
    )
    context = {
        "table": table,
        "filter": filtered,
        "empty": empty,
        "may_refer": may_refer,
        "may_upload": request.user.has_perm("cases.upload"),
    }
    return render_page(request, "cases/referrals/list.html", context, fragment="kit/list_fragment.html")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@requires("cases.refer")
def new_referral(request: AuthenticatedRequest) -> HttpResponse:
    """Refer a citizen: "check" shows the assessment without saving, "refer" stores the referral."""
    form = ReferralForm(
        request.POST or None,
        municipalities=Municipality.objects.filter(
            place__project__in=policy.projects_to_refer_in(request.user)
        ),
        not_after=mode.last_day_allowed(clock.today()),
        initial={"referred_on": clock.today()},
    )
    context: dict[str, Any] = {"form": form, "checked": "check" in request.POST}
    if request.method == "POST" and form.is_valid():
        if not context["checked"]:
            return _refer(request, form)
        with errors_shown_in(form):
            context |= _preview(request, form.stated())
    return render_page(
        request,
        "cases/referrals/new.html",
        context,
        fragment="cases/referrals/answer.html" if context["checked"] else "",
    )


def _preview(request: AuthenticatedRequest, data: ReferralData) -> dict[str, Any]:
    """Return the assessment without saving. The lookup is recorded, with the citizen if there is one;
    TooOftenError after too many of them."""
    with (
        counted(request.user, Usage.CPR_SEARCH),
        all_projects("the answer rests on the citizen of whatever project, and the record names her"),
    ):
        citizens = Citizen.objects.with_cpr(data.digits)
        record_shown(request.user, "referral.check", citizens.values_list("public_id", flat=True))
    assessment = actions.assess_referral(data)
    return {
        "answered": True,
        "eligible": assessment.eligible,
        "reasons": in_words(assessment.reasons),
        "flags": in_words(assessment.flags),
    }


def _refer(request: AuthenticatedRequest, form: ReferralForm) -> HttpResponse:
    """Store the referral and redirect to it. Idempotent: the same form again leads to the same referral."""
    referred = actions.refer(form.stated(), by=request.user, submission=form.submission)
    if not referred.created:
        messages.info(request, _("This referral is already there."))
    else:
        messages.success(request, _("The referral is saved."))
    return redirect("cases:referral", referred.referral.public_id)


@require_GET
def referral(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show one referral: what was stated, the result and its reasons."""
    referral_shown = get_referral_or_404(request, public_id, "referral")
    digits = referral_shown.citizen.cpr
    # Once for the page and for the permission that asks for it, also when there is none.
    prefetch_related_objects([referral_shown], Prefetch("course", with_start_answers(Course.objects.all())))
    course = getattr(referral_shown, "course", None)
    may_open = course is not None and Course.objects.visible_to(request.user).filter(pk=course.pk).exists()
    corrections = referral_shown.corrections.select_related("made_by")
    if not may_open:
        corrections = corrections.exclude(kind__in=CorrectionKind.of_courses())
    context = {
        "referral": referral_shown,
        "cpr": f"{digits[:6]}-{digits[6:]}",
        "eligible": referral_shown.state == ReferralState.ACCEPTED,
        "withdrawn": referral_shown.state == ReferralState.WITHDRAWN,
        "saved": True,
        "reasons": in_words(referral_shown.reasons),
        "flags": in_words(referral_shown.flags),
        "course": course,
        "is_starting": bool(
            may_open and course and not course.has_ended(clock.today()) and is_starting(course)
        ),
        "may_open": may_open,
        "may_refer": request.user.has_perm("cases.refer"),
        "corrections": correction_lines(corrections),
        "drawn": is_drawn(referral_shown),
        "may_correct": request.user.has_perm("cases.correct_referral", referral_shown),
        "may_see_log": request.user.has_perm("cases.see_access_log", referral_shown),
        "may_shut_out": request.user.has_perm("cases.shut_out", referral_shown),
        "may_hold": request.user.has_perm("rights.place_hold", referral_shown),
        "may_replace": referral_shown.state == ReferralState.ACCEPTED
        and request.user.has_perm("cases.replace_number", referral_shown),
    }
    return render_page(request, "cases/referrals/referral.html", context)
