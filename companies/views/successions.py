"""Take-overs of companies: the list, a new one, and one that was recorded in error."""

import uuid

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import requires
from cases.views.withdrawals import answer_row_act
from companies.forms.successions import SuccessionForm, WithdrawSuccessionForm
from companies.models import Succession
from companies.tables import SuccessionTable
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@require_safe
@requires("companies.arrange_companies")
def succession_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the take-overs, the latest first; also those that were withdrawn."""
    rows = Succession.objects.select_related("predecessor", "successor")
    new_url = reverse("companies:new_succession")
    context = {
        "page_title": _("Companies taken over"),
        "table": paged(request, SuccessionTable(rows, user=request.user)),
        "new_url": new_url,
        "empty": Empty(_("No company is taken over yet."), new_url, _("Record a take-over")),
    }
    return render_page(request, "companies/succession_list.html", context, fragment="kit/list_fragment.html")


@edit_page
@requires("companies.arrange_companies")
def new_succession(request: AuthenticatedRequest) -> HttpResponse:
    """Record that a company was taken over."""
    initial = {"cvr": request.GET.get("cvr", "")[:8]}
    form = SuccessionForm(form_data(request), initial=initial)
    return answer_form(request, form, back_url=reverse("companies:successions"))


@edit_page
@requires("companies.arrange_companies")
def withdraw_succession(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a take-over that was recorded in error, with the reason; a second time says who did."""
    rows = Succession.objects.select_related("predecessor", "successor")
    succession = rows.filter(public_id=public_id).first()
    # a second POST of the same form is answered by the action, which is idempotent
    if succession is None or (succession.withdrawn_at is not None and request.method != "POST"):
        raise Http404
    form = WithdrawSuccessionForm(form_data(request), instance=succession)
    return answer_row_act(request, form, back_url=reverse("companies:successions"))
