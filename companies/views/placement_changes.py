"""Changes of a placement: its hours, its last day, a no-show, a withdrawal, the employees' representative."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import AuthenticatedRequest
from cases.access import get_of_course_or_404
from cases.actions.corrections import REASON
from cases.views.common import course_url
from cases.views.withdrawals import answer_row_act
from companies.actions import withdrawals
from companies.actions.withdrawals import may_stand_again_at_once
from companies.forms.placement_changes import (
    ChangeHoursForm,
    EndPlacementForm,
    NoShowForm,
    RepresentativeForm,
    WithdrawPlacementForm,
)
from companies.forms.placement_corrections import CorrectPlacementForm, StandAgainForm, TakeBackEndForm
from companies.models import Placement
from companies.views.placements import known_companies, managed_placement, placement_url, withdrawn_answer
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data


@edit_page
def end(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the last day of a placement, actual or planned."""
    placement = managed_placement(request, public_id, "course.placement.end")
    today = clock.today()
    initial = {"ended_on": placement.ended_on or max(today, placement.starts_on)}
    form = EndPlacementForm(form_data(request), placement=placement, today=today, initial=initial)
    return answer_form(request, form, back_url=placement_url(placement))


@edit_page
def hours(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change the weekly hours from a day on (D20, D38)."""
    placement = managed_placement(request, public_id, "course.placement.hours")
    day = max(placement.starts_on, placement.span.until(clock.today()).last_day)
    hours = placement.hours_on(day)
    initial = {"from_on": day, "internship_hours": hours.internship, "ordinary_hours": hours.ordinary}
    form = ChangeHoursForm(form_data(request), placement=placement, initial=initial)
    return answer_form(request, form, back_url=placement_url(placement))


@require_POST
def withdraw(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Delete a placement that has not begun."""
    placement = managed_placement(request, public_id, "course.placement.withdraw")
    with errors_as_message(request):
        withdrawals.withdraw_placement(placement, today=clock.today())
        messages.success(request, _("The placement is taken back."))
        return redirect(course_url(placement.course, "placements"))
    return redirect(placement_url(placement))


@edit_page
def withdraw_as_error(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a placement that was entered in error, with the reason; the user may enter it again."""
    if request.method != "POST" and (gone := withdrawn_answer(request, public_id)):
        return gone
    placement = _any_placement(request, public_id)
    form = WithdrawPlacementForm(form_data(request), placement=placement)
    return answer_row_act(request, form, back_url=course_url(placement.course, "placements"))


@edit_page
def no_show(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record that the citizen never came; whoever did it may undo it on the same day."""
    if request.method != "POST" and (gone := withdrawn_answer(request, public_id)):
        return gone
    placement = _any_placement(request, public_id)
    form = NoShowForm(form_data(request), placement=placement, today=clock.today())
    return answer_row_act(request, form, back_url=course_url(placement.course, "placements"))


def _any_placement(request: AuthenticatedRequest, public_id: uuid.UUID) -> Placement:
    """Return a placement that the user may change, also a withdrawn one, as `get_of_course_or_404` does."""
    return get_of_course_or_404(
        request,
        Placement.everything.select_related("company", "workplace"),
        public_id,
        "course.placement.withdraw",
        "cases.manage_placements",
    )


@edit_page
def stand_again(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a placement stand again that was withdrawn by mistake; a slip of one's own by one tap."""
    placement = _any_placement(request, public_id)
    if placement.withdrawn_at is None and REASON not in request.POST:
        return redirect(placement_url(placement))
    today = clock.today()
    is_answered = REASON in request.POST or may_stand_again_at_once(placement, request.user, today)
    form = StandAgainForm(
        form_data(request) if is_answered else None, placement=placement, user=request.user, today=today
    )
    back_url = course_url(placement.course, "placements")
    return answer_row_act(request, form, back_url=back_url, success_url=placement_url)


@edit_page
def correct(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct the first day, company, workplace or kind of a placement (D41)."""
    if gone := withdrawn_answer(request, public_id):
        return gone
    placement = managed_placement(request, public_id, "course.placement.correct")
    form = CorrectPlacementForm(form_data(request), placement=placement)
    return answer_form(
        request,
        form,
        back_url=placement_url(placement),
        success_url=placement_url,
        template="companies/placement_form.html",
        context={"known_companies": known_companies(placement.course)},
    )


@edit_page
def take_back_end(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a placement run again whose last day was recorded by mistake (D41)."""
    placement = managed_placement(request, public_id, "course.placement.end")
    if placement.ended_on is None:
        return redirect(placement_url(placement))
    form = TakeBackEndForm(form_data(request), placement=placement)
    return answer_form(request, form, back_url=placement_url(placement))


@edit_page
def representative(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record the employees' representative and the confirmation (D24)."""
    placement = managed_placement(request, public_id, "course.placement")
    form = RepresentativeForm(form_data(request), placement=placement)
    return answer_form(request, form, back_url=placement_url(placement))
