"""Pages that correct and withdraw a match (D41)."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedRequest
from cases.access import get_course_or_404, get_of_course_or_404
from cases.views.common import course_url
from cases.views.withdrawals import answer_row_act
from companies.actions.matches import withdrawn_match
from companies.forms.match_corrections import CorrectMatchForm, WithdrawMatchForm
from companies.models import Match
from jobfirst.kit.editing import answer_form, edit_page, form_data


@edit_page
def correct_match(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct the day, the job function or the words of a match."""
    match = _match(request, public_id)
    form = CorrectMatchForm(form_data(request), instance=match)
    return answer_form(request, form, back_url=course_url(match.course, "placements"))


@edit_page
def withdraw_match(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a match that was recorded in error; one that is withdrawn says so, and by whom."""
    withdrawn = withdrawn_match(public_id)
    if withdrawn is None:
        match = _match(request, public_id)
    else:
        match = withdrawn
        match.course = get_course_or_404(
            request, match.course.public_id, "course.match", "cases.manage_placements"
        )
    back_url = course_url(match.course, "placements")
    if withdrawn is not None and request.method != "POST":
        messages.info(request, _("The match is withdrawn already."))
        return redirect(back_url)
    form = WithdrawMatchForm(
        form_data(request),
        row=match,
        is_own_slip=False,
        intro=f"{match.course.citizen_name}, {match.company}",
    )
    return answer_row_act(request, form, back_url=back_url)


def _match(request: AuthenticatedRequest, public_id: uuid.UUID) -> Match:
    matches = Match.objects.select_related("company")
    return get_of_course_or_404(request, matches, public_id, "course.match", "cases.manage_placements")
