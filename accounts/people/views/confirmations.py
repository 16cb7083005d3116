"""The administrators' pages of changes that a second administrator confirms. They show no citizens."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import AccountRequest, User
from accounts.people import confirmations
from accounts.people.confirmation_forms import ResetForm
from accounts.people.views.administration import manages_users
from accounts.requests import AuthenticatedRequest
from accounts.sign_in.recent_checks import checked_again
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import render_page

#: How many of those that were decided stand on the page, the latest first.
DECIDED_SHOWN = 20


@manages_users
@require_GET
def user_requests(request: AuthenticatedRequest) -> HttpResponse:
    """List what waits for a second administrator, and what became of the latest."""
    waiting = AccountRequest.objects.waiting(timezone.now()).select_related("person", "project", "asked_by")
    entries = [
        {
            "change": confirmations.request_in_words(entry),
            "row": entry,
            "may_confirm": request.user.pk not in {entry.asked_by_id, entry.person_id},
        }
        for entry in waiting
    ]
    context = {
        "page_title": _("Changes that wait for an administrator"),
        "entries": entries,
        "decided": [
            {"change": confirmations.request_in_words(entry), "row": entry}
            for entry in AccountRequest.objects.decided().select_related(
                "person", "project", "asked_by", "decided_by"
            )[:DECIDED_SHOWN]
        ],
    }
    return render_page(request, "accounts/requests.html", context)


@manages_users
@require_POST
@checked_again
def user_request_confirm(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Confirm what another administrator has asked for."""
    return _decide(request, public_id, confirmations.confirm, _("Confirmed and done."))


@manages_users
@require_POST
@checked_again
def user_request_refuse(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Turn it down."""
    return _decide(request, public_id, confirmations.refuse, _("Turned down."))


def _decide(
    request: AuthenticatedRequest, public_id: uuid.UUID, action: Callable[..., object], message: str
) -> HttpResponse:
    get_object_or_404(AccountRequest, public_id=public_id)
    try:
        action(public_id, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, message)
    return redirect("user_requests")


@manages_users
@edit_page
@checked_again
def user_reset_second_step(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask another administrator to reset the second step of the person's sign-in."""
    person = get_object_or_404(User, public_id=public_id)
    form = ResetForm(form_data(request), person=person)
    return answer_form(request, form, back_url=reverse("user_detail", args=[public_id]))
