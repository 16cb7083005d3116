"""Lists that are searched by name: a CPR number typed there is neither searched nor kept nor shown."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts.requests import AuthenticatedRequest
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
    and the history of the browser hold no number.
    """

    @wraps(view)
    def checked(request: AuthenticatedRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not any(map(_has_digit, request.GET.getlist("name"))):
            return view(request, *args, **kwargs)
        query = request.GET.copy()
        del query["name"]
        messages.error(request, _("A name has no digits. Search for a CPR number with “Find by CPR number”."))
        address = f"{request.path}?{query.urlencode()}" if query else request.path
        return HttpResponseClientRedirect(address) if wants_fragment(request) else redirect(address)

    return checked
