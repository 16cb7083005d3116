"""Who is shut out from a citizen (D51): the project leader's page."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import AuthenticatedRequest
from cases.access import get_referral_or_404
from cases.actions import shut_outs
from cases.forms.shut_outs import ShutOutForm
from cases.models import Referral, ShutOut
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data


@edit_page
def shut_out_page(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """List who is shut out, and shut somebody out."""
    referral = get_referral_or_404(request, public_id, "referral.shut_out", "cases.shut_out")
    rows = ShutOut.objects.filter(citizen=referral.citizen_id).select_related(
        "user", "shut_out_by", "lifted_by"
    )
    form = ShutOutForm(form_data(request), referral=referral)

    def next_page(saved: ShutOut) -> str:
        """Where the leader goes on: not here after shutting oneself out."""
        is_self = saved.user_id == request.user.pk
        return reverse("cases:referrals") if is_self else reverse("cases:shut_out", args=[public_id])

    return answer_form(
        request,
        form,
        back_url=reverse("cases:referral", args=[public_id]),
        success_url=next_page,
        template="cases/referrals/shut_out.html",
        context={"rows": rows, "referral": referral, "back_label": _("The referral")},
    )


@require_POST
def let_in(request: AuthenticatedRequest, public_id: uuid.UUID, row_id: uuid.UUID) -> HttpResponse:
    """Let a person in again."""
    referral = get_referral_or_404(request, public_id, "referral.shut_out", "cases.shut_out")
    row = _row_or_404(referral, row_id)
    with errors_as_message(request):
        shut_outs.lift_shut_out(row, by=request.user)
        messages.success(request, _("The person may see the citizen again, as far as the person's roles go."))
    return redirect("cases:shut_out", public_id)


def _row_or_404(referral: Referral, row_id: uuid.UUID) -> ShutOut:
    row = ShutOut.objects.filter(citizen=referral.citizen_id, public_id=row_id).first()
    if row is None:
        raise Http404
    return row
