"""What the pages by link have in common: `link_view` makes a view of a purpose's page.

A page shows only what its purpose needs. GET never acts, since mail scanners open links; POST acts once. The
secret in the address is all the right that the asker has: no session is read, and no cookie is needed.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

import pghistory
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.links.actions import LinkGone, open_link
from accounts.links.models import SignedLink
from accounts.links.purposes import purpose_of
from accounts.links.secrets import hash_of
from audit.access import record_refused, record_shown
from jobfirst import clock
from jobfirst.row_security.context import all_projects, change_projects, only_projects

#: Rates of allauth: openings by network address and by link, requests for a new link by network address.
RATES = {"open": "120/m/ip,30/m/key", "request": "10/h/ip"}
LANGUAGE_PARAMETER = "sprog"

ViewP = ParamSpec("ViewP")


def link_view(
    purpose: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, SignedLink, str, ViewP], HttpResponse]],
    Callable[Concatenate[HttpRequest, str, ViewP], HttpResponse],
]:
    """Make a view `(request, link, secret)` the page of a purpose, at an address with `<str:secret>`.

    1. Who opens too many links gets 429.
    2. A link that is not valid gets the neutral page, with a button that sends a new one.
    3. The opening is recorded (`link_page`), the language chosen, and the view called. It acts on POST only,
       in a transaction that locks the course, calls `take_link`, and marks the link with `use_link`. LinkGone
       out of it gives the neutral page, as does a subject that is not there any more.
    """

    def decorate(
        view: Callable[Concatenate[HttpRequest, SignedLink, str, ViewP], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, str, ViewP], HttpResponse]:
        @wraps(view)
        def page(
            request: HttpRequest, secret: str, *args: ViewP.args, **kwargs: ViewP.kwargs
        ) -> HttpResponse:
            link = link_page(request, purpose, secret)
            if link is None:
                return link_gone(request, purpose, secret)
            try:
                return view(request, link, secret, *args, **kwargs)
            except (LinkGone, Http404, PermissionDenied):
                return link_gone(request, purpose, secret)

        return public_page(require_http_methods(["GET", "HEAD", "POST"])(page))

    return decorate


def public_page(view: Callable[ViewP, HttpResponse]) -> Callable[ViewP, HttpResponse]:
    """Decorate a page without sign-in that has a secret in its address or form: nothing of it is cached,
    found by search engines, or sent on as a referrer, and its address stands in no history and no log.

    There is no check against forged requests: whoever could forge one would have to know the secret, and a
    browser that sends no referrer names no origin either, which that check would refuse.
    """

    @wraps(view)
    def guarded(*args: ViewP.args, **kwargs: ViewP.kwargs) -> HttpResponse:
        request = args[0]
        assert isinstance(request, HttpRequest)
        # In place of the address, which the history of what is changed here would hold.
        pghistory.context(url=request.resolver_match.view_name if request.resolver_match else "")
        response = view(*args, **kwargs)
        # Django's log of answers like 404 names the address.
        response._has_been_logged = True  # type: ignore[attr-defined]  # read by django.utils.log
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        if language := chosen_language(request):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]  # one of the words
            )
        return response

    exempt: Callable[ViewP, HttpResponse] = csrf_exempt(login_not_required(guarded))
    return exempt


def link_page(request: HttpRequest, purpose: str, secret: str) -> SignedLink | None:
    """Return the valid link that the request opens, and record the opening; None when there is none.

    A refusal is recorded with the beginning of the hash. So all invalid links do the same work: one query and
    one record. Answers 429 to who opens too many. Sets the language: what the address asks for, then
    what the browser has chosen before, then the recipient's.
    """
    limit(request, "open", key=hash_of(secret))
    with all_projects("the secret says of which project the link is"):
        link = open_link(purpose, secret, now=clock.now())
    action = f"link.{purpose}"
    if link is None:
        record_refused(AnonymousUser(), action, hash_of(secret)[:16])
    else:
        change_projects(only_projects([link.project_id]))
        record_shown(None, action, purpose_of(purpose).citizens(link))
    set_language(request, default=link.language if link else None)
    return link


def link_gone(request: HttpRequest, purpose: str, secret: str) -> HttpResponse:
    """Return the neutral page: the same, whatever is wrong with the link and whether there ever was one."""
    return render(request, "links/gone.html", {"secret": secret}, status=HTTPStatus.NOT_FOUND)


def limit(request: HttpRequest, action: str, key: str) -> None:
    """Count the request; too many are answered with 429."""
    usage = ratelimit.consume(
        request, app="accounts.links", action=action, config=RATES, key=key, limit_get=True
    )
    if usage is None:
        raise ImmediateHttpResponse(render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS))


def chosen_language(request: HttpRequest) -> str | None:
    """Return the language that the address asks for (`?sprog=en`); None without one that we have."""
    code = request.GET.get(LANGUAGE_PARAMETER, "")
    return code if code in dict(settings.LANGUAGES) else None


def set_language(request: HttpRequest, *, default: str | None = None) -> None:
    """Use the language of the address, else the browser's choice in a cookie, else `default` if given."""
    language = chosen_language(request)
    if language is None and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        language = default
    if language is not None:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
