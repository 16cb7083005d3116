"""Lists that are searched by name: no address of ours holds a name, and no CPR number is searched.

The form sends the name in the body. The list then stands at an address with the name sealed (`?search=`): it
can be gone back to, reloaded, sorted and fetched as a file, by the person who searched and by nobody else. An
address with `?name=`, which somebody wrote themselves, is answered; the links on its page have it sealed.
"""

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User
from accounts.requests import AuthenticatedRequest
from audit.access import record_act
from audit.limits import counted
from audit.usage import NAME_SEARCH_ACTION, Usage
from jobfirst.encryption.crypto import Undecryptable, decrypt, encrypt
from jobfirst.kit.pages import wants_fragment

P = ParamSpec("P")

SEALED = "search"
#: Names are filled up to a multiple of this many bytes: an address does not tell how long one is.
FILLED_TO = 32


def searched_by_name(
    view: Callable[Concatenate[AuthenticatedRequest, P], HttpResponse],
) -> Callable[Concatenate[AuthenticatedRequest, P], HttpResponse]:
    """Decorate a list with a `NameFilter`; the view reads its filter from `filter_data`.

    What the form sends is answered by a redirect to the list at an address with the name sealed. A name with
    digits is answered by a redirect to the list without it, so that neither the address nor the page nor the
    history of the browser holds a number. Nor does the address of the sign-in page, which is shown first when
    the session is over (`accounts.middleware`). Every search is counted (`audit.limits`).
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def searched(request: AuthenticatedRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        sent = request.POST if request.method == "POST" else request.GET
        if _has_number(sent):
            messages.error(
                request, _("A name has no digits. Search for a CPR number with “Find by CPR number”.")
            )
            address = _address(request.path, sent, left_out=("name", "format"))
            return HttpResponseClientRedirect(address) if wants_fragment(request) else redirect(address)
        if request.method == "POST":
            return redirect(_address(request.path, _sealed(sent, request.user)))
        request.GET = QueryDict(_sealed(sent, request.user).urlencode())
        if SEALED in request.GET and not searched_name(request):
            messages.info(request, _("Search for the name again. This address is another person's, or old."))
            return redirect(_address(request.path, request.GET, left_out=(SEALED, "format")))
        if searched_name(request):
            with counted(request.user, Usage.NAME_SEARCH):
                record_act(request.user, NAME_SEARCH_ACTION)
        return view(request, *args, **kwargs)

    searched.return_address = _return_address  # type: ignore[attr-defined]  # read by the middleware
    return searched


def filter_data(request: AuthenticatedRequest) -> QueryDict:
    """Return what the filter of the list is read from: the address, with the name that is sealed in it."""
    data = request.GET.copy()
    data.pop(SEALED, None)
    name = searched_name(request)
    if name:
        data["name"] = name
    return data


def searched_name(request: AuthenticatedRequest) -> str:
    """Return the name that the address seals; empty without one, or when the user did not seal it."""
    try:
        stored = base64.urlsafe_b64decode(request.GET.get(SEALED, "").encode())
        return decrypt(stored, _bound_to(request.user)).strip()
    except (binascii.Error, ValueError, Undecryptable):
        return ""


def _sealed(sent: QueryDict, user: User) -> QueryDict:
    """Return what was sent, with the name sealed for the user."""
    query = sent.copy()
    name = query.get("name", "").strip()
    for left_out in ("name", "csrfmiddlewaretoken"):
        query.pop(left_out, None)
    if name:
        filled = name + " " * (-len(name.encode()) % FILLED_TO)
        query[SEALED] = base64.urlsafe_b64encode(encrypt(filled, _bound_to(user))).decode()
    return query


def _bound_to(user: User) -> bytes:
    return b"search by name " + user.public_id.bytes


def _has_number(sent: QueryDict) -> bool:
    """Whether a typed name has a digit of any script."""
    return any(character.isdigit() for name in sent.getlist("name") for character in name)


def _return_address(request: HttpRequest) -> str:
    """Return the address without a typed name; with digits in it that of the page and not of its Excel file,
    which would hold the whole list."""
    return _address(
        request.path, request.GET, left_out=("name", "format") if _has_number(request.GET) else ("name",)
    )


def _address(path: str, sent: QueryDict, left_out: tuple[str, ...] = ()) -> str:
    """Return the address of the list with what was sent, without what is empty."""
    query = QueryDict(mutable=True)
    for name, values in sent.lists():
        if name not in (*left_out, "csrfmiddlewaretoken"):
            query.setlist(name, [value for value in values if value])
    return f"{path}?{query.urlencode()}" if any(values for _name, values in query.lists()) else path
