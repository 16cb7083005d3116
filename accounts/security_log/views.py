"""The administrator's page of the log: sign-ins, failures, and who may do what."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import AuthenticatedRequest
from accounts.security_log.tables import SecurityFilter, SecurityTable
from audit.access import requires
from audit.models import SecurityRecord
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@requires("accounts.manage_users")
@require_GET
def security_log(request: AuthenticatedRequest) -> HttpResponse:
    """List what is recorded of sign-ins and roles, newest first. No citizens."""
    records = SecurityRecord.objects.select_related("user", "subject")
    record_filter = SecurityFilter(request.GET, queryset=records)
    context = {
        "page_title": _("Sign-ins and roles"),
        "page_intro": _(
            "Who signed in or out or failed to, and who got or lost a role. The log cannot be changed."
        ),
        "filter": record_filter,
        "table": paged(request, SecurityTable(record_filter.qs)),
        "empty": Empty(_("Nothing like that is recorded.")),
        "back_url": reverse("user_list"),
        "back_label": _("Users"),
    }
    return render_page(request, "accounts/security_log.html", context, fragment="kit/list_fragment.html")
