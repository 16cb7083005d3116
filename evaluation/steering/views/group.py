"""The page of a steering group, and its members."""

import uuid

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from cases.actions.corrections import may_restore_at_once
from cases.views.withdrawals import answer_restoring, answer_withdrawal, sends_reason
from evaluation.steering.actions.members import may_withdraw_at_once
from evaluation.steering.forms.members import (
    ChangeMemberForm,
    NewMemberForm,
    RestoreMemberForm,
    WithdrawMemberForm,
)
from evaluation.steering.models import SteeringMember
from evaluation.steering.presentation.group import group_context
from evaluation.steering.views.common import group_url, led_project_or_404, of_led_project_or_404
from evaluation.views.led_project import chosen_project
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import render_page


@require_safe
def steering(request: AuthenticatedRequest) -> HttpResponse:
    """Show the steering group of a led project (`?project=slug`): members by area, meetings, decisions."""
    project, projects = chosen_project(request)
    today = clock.today()
    context = {"project": project, "projects": projects, "on": today, **group_context(project, today)}
    return render_page(request, "evaluation/steering/group.html", context)


@edit_page
def new_member(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Add a member."""
    project = led_project_or_404(request, slug, "evaluation.steering")
    form = NewMemberForm(form_data(request), project=project, initial={"joined_on": clock.today()})
    return answer_form(request, form, back_url=group_url(project))


@edit_page
def change_member(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change a member."""
    member = _member(request, public_id)
    form = ChangeMemberForm(form_data(request), instance=member)
    template = "evaluation/steering/member_form.html"
    return answer_form(
        request, form, back_url=group_url(member.project), template=template, context={"member": member}
    )


@edit_page
def withdraw_member(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a member who was entered in error."""
    member = _member(request, public_id)
    form = WithdrawMemberForm(
        form_data(request),
        row=member,
        is_own_slip=may_withdraw_at_once(member, request.user),
        intro=member.name,
    )
    return answer_withdrawal(request, form, back_url=group_url(member.project))


@edit_page
def restore_member(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a member stand again who was withdrawn by mistake; a slip of one's own by one tap."""
    member = _member(request, public_id)
    is_answered = sends_reason(request) or may_restore_at_once(member, request.user)
    form = RestoreMemberForm(
        form_data(request) if is_answered else None, row=member, user=request.user, intro=member.name
    )
    return answer_restoring(request, form, back_url=group_url(member.project))


def _member(request: AuthenticatedRequest, public_id: uuid.UUID) -> SteeringMember:
    members = SteeringMember.everybody.filter(erased_on=None).select_related("project")
    return of_led_project_or_404(request, members, public_id, "evaluation.steering")
