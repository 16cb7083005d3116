"""The page of operations, and sending a dead letter again."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import requires
from jobfirst.kit.pages import PAGE_SIZE, render_page
from reminders import dead_letters
from reminders.models import Digest
from reminders.operations.status import current_status

operates = requires("reminders.operate")


@operates
@require_safe
def overview(request: AuthenticatedRequest) -> HttpResponse:
    """Show the last round, what waits, the dead letters and the nightly checks."""
    page = Paginator(dead_letters.fetch_dead_letters(), PAGE_SIZE).get_page(request.GET.get("page"))
    return render_page(request, "reminders/operations.html", {"status": current_status(), "page": page})


@operates
@require_POST
def send_again(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Send one dead letter again."""
    digest = get_object_or_404(Digest.objects.select_related("recipient"), public_id=public_id)
    try:
        dead_letters.send_again(public_id)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(
            request, _("The e-mail to %(name)s will be sent again.") % {"name": digest.recipient}
        )
    return redirect("operations:overview")
