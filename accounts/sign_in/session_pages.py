"""Pages of sessions: one's own, their end by an administrator, and the sign that one is still there."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.people.views.administration import manages_users
from accounts.requests import AuthenticatedRequest
from accounts.sign_in import sessions
from accounts.sign_in.recent_checks import checked_again
from jobfirst.kit.editing import errors_as_message
from jobfirst.kit.pages import render_page


@require_GET
def session_list(request: AuthenticatedRequest) -> HttpResponse:
    """List where one is signed in: device, address, since when, last seen."""
    entries = sessions.sessions_of(request.user, request.session.session_key)
    context = {
        "page_title": _("Your sessions"),
        "entries": entries,
        "has_others": any(not entry.is_current for entry in entries),
    }
    return render_page(request, "accounts/sessions.html", context)


@require_POST
def session_end(request: AuthenticatedRequest) -> HttpResponse:
    """End the session whose `mark` was sent, or without one all but this one."""
    mark = request.POST.get("mark") or None
    count = sessions.close_sessions(request.user, request.session.session_key, mark)
    if count:
        text = ngettext("%(count)d session is ended.", "%(count)d sessions are ended.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("The session was over already."))
    return redirect("account_sessions")


@manages_users
@require_POST
@checked_again
def user_end_sessions(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """End all sessions of a person, on every device."""
    person = get_object_or_404(User, public_id=public_id)
    with errors_as_message(request):
        count = sessions.close_all_sessions(person, "administrator")
        text = ngettext(
            "%(name)s is signed out: %(count)d session is ended.",
            "%(name)s is signed out: %(count)d sessions are ended.",
            count,
        )
        messages.success(request, text % {"name": person.name, "count": count})
    return redirect("user_detail", public_id)


@require_GET
def still_here(request: AuthenticatedRequest) -> HttpResponse:
    """Answer nothing: the request itself says that somebody is there (static/idle.js)."""
    return HttpResponse(status=204)
