"""Lists that are searched by name: a CPR number typed there is neither searched nor kept nor shown."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.requests import AuthenticatedRequest
from audit.access import record_act
from audit.limits import counted
from audit.usage import NAME_SEARCH_ACTION, Usage
from jobfirst.kit.pages import wants_fragment

P = ParamSpec("P")


def _has_digit(typed: str) -> bool:
    """Whether the typed name has a digit of any script."""
    return any(character.isdigit() for character in typed)


def names_only(
    view: Callable[Concatenate[AuthenticatedRequest, P], HttpResponse],
) -> Callable[Concatenate[AuthenticatedRequest, P], HttpResponse]:
    """Decorate a list with a `NameFilter` (`?name=`).

    A name with digits is answered by a redirect to the same list without it, so that the address, the page
    and the history of the browser hold no number. Nor does the address of the sign-in page, which is shown
    first when the session is over (`accounts.middleware`). Every search is counted (`audit.limits`).
    """

    @wraps(view)
    def checked(request: AuthenticatedRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not _has_number(request):
            if request.GET.get("name", "").strip():
                with counted(request.user, Usage.NAME_SEARCH):
                    record_act(request.user, NAME_SEARCH_ACTION)
            return view(request, *args, **kwargs)
        messages.error(request, _("A name has no digits. Search for a CPR number with “Find by CPR number”."))
        address = _address_without_number(request)
        return HttpResponseClientRedirect(address) if wants_fragment(request) else redirect(address)

    checked.return_address = _address_without_number  # type: ignore[attr-defined]  # read by the middleware
    return checked


def _has_number(request: HttpRequest) -> bool:
    return any(map(_has_digit, request.GET.getlist("name")))


def _address_without_number(request: HttpRequest) -> str:
    """Return the address without a name that has digits; then of the page and not of its Excel file, which
    would hold the whole list."""
    if not _has_number(request):
        return request.get_full_path()
    query = request.GET.copy()
    for name in ("name", "format"):
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
