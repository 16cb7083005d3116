"""A person's own open reminders."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import addresses
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown
from jobfirst import clock
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged
from reminders import mail, recipients
from reminders.tables import ReminderTable


@require_safe
def mine(request: AuthenticatedRequest) -> HttpResponse:
    """List the user's own open reminders, the oldest first. Records the citizens named."""
    if not request.user.has_perm("reminders.list_own"):
        raise PermissionDenied
    today = clock.today()
    told = recipients.tellings(today, recipient_id=request.user.pk)
    lines = list(mail.digest_lines(((telling, False) for telling in told), today))
    table = paged(request, ReminderTable(lines))
    citizens = {row.about.citizen for row in table.records if row.about.citizen}
    if citizens:
        record_shown(request.user, "reminders", citizens)
    context = {
        "page_title": _("My reminders"),
        "page_intro": _(
            "What is due for your citizens. It is reckoned every working day at 7:00, and sent to you by "
            "e-mail when there is something new."
        ),
        "table": table,
        "empty": Empty(_("Nothing is due. You get an e-mail when something is.")),
    }
    return render_page(request, "reminders/mine.html", context, fragment="kit/list_fragment.html")


@require_POST
def confirm_address(request: AuthenticatedRequest) -> HttpResponse:
    """Note that the user's own address works again: what came back is sent with the next digest (D52)."""
    if not request.user.has_perm("reminders.list_own"):
        raise PermissionDenied
    addresses.confirm_address(request.user)
    messages.success(request, _("Your reminders are sent by e-mail again, from the next working day on."))
    return redirect("reminders:mine")
