"""Who changes how somebody signs in, or as what, confirms first who they are (docs/security.md, "Sessions").

A check counts for JOBFIRST_RECHECK_MINUTES. It is the sign-in itself or, later, password and second step once
more; who has neither here confirms at the municipality's identity provider.
"""

import functools
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, suspend_request
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.oidc import identities
from accounts.requests import AuthenticatedRequest

#: When the person was checked as a whole, in the session.
CHECKED = "checked_at"
PASSWORD_PAGE = "account_reauthenticate"  # noqa: S105 - a page, no secret  # nosec B105
SEND_AGAIN = _("Nothing is saved yet: send it again, now that it is certain that it is you.")

P = ParamSpec("P")
View = Callable[Concatenate[AuthenticatedRequest, P], HttpResponse]


def note_sign_in(sender: Any, request: HttpRequest, user: User, **details: Any) -> None:
    """Store when the person was checked: now, or when the identity provider says that it did so last."""
    records = get_authentication_records(request, user)
    now = time.time()
    stated = records[-1].get(CHECKED, now) if records else now
    request.session[CHECKED] = min(stated, now)


def checked_again(view: View[P]) -> View[P]:
    """Let the view answer only to whoever was checked lately; others are checked first, and then answered."""

    @functools.wraps(view)
    def answer(request: AuthenticatedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return _check_first(request) or view(request, *args, **kwargs)

    return answer


def checked_again_to_post(view: View[P]) -> View[P]:
    """Do so for what is sent, not for looking at the page."""

    @functools.wraps(view)
    def answer(request: AuthenticatedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        page = _check_first(request) if request.method == "POST" else None
        return page or view(request, *args, **kwargs)

    return answer


def checked_elsewhere(view: View[P]) -> View[P]:
    """Let the provider check whoever has nothing to type here, on a page where allauth checks all others."""

    @functools.wraps(view)
    def answer(request: AuthenticatedRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        page = None if _ways_here(request.user) else _check_first(request)
        return page or view(request, *args, **kwargs)

    return answer


def _check_first(request: AuthenticatedRequest) -> HttpResponse | None:
    """Lead to the check that is missing, if one is; afterwards back to what was asked for or sent.

    What must be sent again: a file, what was sent to an address with a query, or before a check by the
    provider.
    """
    since = time.time() - settings.JOBFIRST_RECHECK_MINUTES * 60
    if request.session.get(CHECKED, 0) >= since:
        return None
    if request.method != "POST":  # what was sent before and not confirmed is not sent by opening its page
        request.session.pop(STATE_SESSION_KEY, None)
    ways = _ways_here(request.user)
    if not ways:
        return _check_elsewhere(request)
    records = get_authentication_records(request, request.user)
    recent = {
        record["method"] for record in records if record.get("reauthenticated") and record["at"] >= since
    }
    missing = [way for way in ways if _method_of(way) not in recent]
    if not missing:
        return None
    if request.FILES or (request.method == "POST" and request.GET):  # allauth goes on with neither
        return _send_again(request, missing[0]["url"])
    page: HttpResponse = suspend_request(request, missing[0]["url"])
    return page


def _ways_here(user: User) -> list[dict[str, Any]]:
    """Return the pages by which the person can be checked here: none when the provider is the way in, whose
    second factor a password would lead round."""
    if identities.enters_by_provider_alone(user):
        return []
    ways: list[dict[str, Any]] = get_adapter().get_reauthentication_methods(user)
    return ways


def _method_of(way: dict[str, Any]) -> str:
    """Return how a check done in this way is recorded."""
    return "password" if way["url"] == reverse(PASSWORD_PAGE) else "mfa"


def _check_elsewhere(request: AuthenticatedRequest) -> HttpResponse:
    """Lead to the identity provider, which must ask for the password again."""
    if not settings.JOBFIRST_OIDC_URL or not request.user.identities.exists():
        raise PermissionDenied
    return _send_again(request, reverse("oidc_begin"), again="1")


def _send_again(request: AuthenticatedRequest, check_url: str, **query: str) -> HttpResponse:
    """Lead to the check and then back to the page, where what was sent must be sent again."""
    page = request.get_full_path()
    if request.method == "POST":
        came_from = urlsplit(request.headers.get("Referer", "")).path
        is_ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts=None)
        page = came_from if came_from and is_ours else reverse("home")
        messages.info(request, SEND_AGAIN)
    return redirect(f"{check_url}?{urlencode({**query, 'next': page})}")


def connect() -> None:
    """Listen to sign-ins."""
    user_logged_in.connect(note_sign_in)
