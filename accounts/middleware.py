"""Pages need a signed-in user, and browsers forget what they stored when one signs out."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from accounts.policy import projects_worked_on
from accounts.sign_in import known_devices, second_step, sessions
from jobfirst.row_security.context import change_projects, current_working, no_project, within

#: What the browser has stored of the site. Not the cookies: it would also remove those of other hosts of the
#: municipality's domain; the session has ended, whatever its cookie says.
CLEARED_AT_SIGN_OUT = '"cache", "storage"'


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx sent the request: a mere redirect would be put into a part of the page."""
    return request.headers.get("HX-Request") == "true"


class SignInMiddleware(LoginRequiredMiddleware):
    """Deny by default: a page needs a signed-in user unless its view says otherwise.

    A request of htmx is answered so that the browser goes to the sign-in page, and afterwards back to what it
    shows now. As a mere redirect the sign-in page would be put into a part of that page.
    """

    def handle_no_permission(  # type: ignore[override]  # htmx is sent on by another kind of redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Send the browser to the sign-in page, and afterwards back: to the address of the request, or to
        the `return_address` of a view whose address may hold what no page is to show. Who sent something
        comes back to where it was sent from, and is told that it is not saved."""
        if request.method != "POST" and not is_htmx(request):
            return_address = getattr(view_func, "return_address", None)
            if return_address is None:
                return super().handle_no_permission(request, view_func)
            sign_in_url = resolve_url(self.get_login_url(view_func))
            return redirect_to_login(
                return_address(request), sign_in_url, self.get_redirect_field_name(view_func)
            )
        query = {self.get_redirect_field_name(view_func): _page_of(request)}
        if request.method == "POST":
            query["sent"] = "1"
        url = f"{resolve_url(self.get_login_url(view_func))}?{urlencode(query)}"
        return HttpResponseClientRedirect(url) if is_htmx(request) else HttpResponseRedirect(url)


class ProjectsMiddleware:
    """Let the database show a request the rows of its person's projects only (`jobfirst.row_security`).

    Until it is known who asks, and on pages without sign-in, there are none: a page by link works on the
    project of its link, once it has found it. What is made while the answer is sent belongs to the request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with no_project("it is not known who asks"):
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
                content: Any = response.streaming_content  # no page streams asynchronously
                response.streaming_content = within(current_working(), content)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: object, kwargs: object
    ) -> None:
        if getattr(view, "login_required", True) and request.user.is_authenticated:
            change_projects(projects_worked_on(request.user))


class IdleMiddleware:
    """End a session that was idle too long, or is too old, and lead back to the page after sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.get_response(request)
        if sessions.is_over(request.session):
            return self._signed_out(request)
        sessions.note_use(request)
        return self.get_response(request)

    def _signed_out(self, request: HttpRequest) -> HttpResponseBase:
        """Sign out, and answer with the sign-in page that says why; what was sent is not done."""
        logout(request)
        query = {"next": _page_of(request), "idle": "1"}
        url = f"{resolve_url(settings.LOGIN_URL)}?{urlencode(query)}"
        return HttpResponseClientRedirect(url) if is_htmx(request) else HttpResponseRedirect(url)


def _page_of(request: HttpRequest) -> str:
    """Return the address of what the browser shows: where a form was sent from, or what it asks for."""
    if is_htmx(request):
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
    elif request.method == "POST":
        page = urlsplit(request.headers.get("Referer", ""))
    else:
        return request.get_full_path()
    return f"{page.path or '/'}{f'?{page.query}' if page.query else ''}"


class SecondStepMiddleware:
    """Lead whoever signed in without a second step to the page where it is set up, and nowhere else.

    Only `second_step.OPEN_PAGES` and pages that need no sign-in answer until it is done.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        """Redirect to the page of the second step unless the page is open without one."""
        if not getattr(view_func, "login_required", True) or not second_step.is_missing(request):
            return None
        request.lacks_second_step = True  # type: ignore[attr-defined]  # read by jobfirst.context
        if request.resolver_match and request.resolver_match.view_name in second_step.OPEN_PAGES:
            return None
        url = resolve_url("mfa_index")
        return HttpResponseClientRedirect(url) if is_htmx(request) else HttpResponseRedirect(url)


class KnownDeviceMiddleware:
    """Set the cookie of a browser in which somebody has just signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        address = getattr(request, "known_person", None)
        if address is not None:
            known_devices.set_cookie(request, response, address)
        return response


class SignOutMiddleware:
    """Tell the browser at sign-out to forget what it has stored: jobcentres share machines. (No page is
    stored anyway: `jobfirst.edges.middleware`.)"""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_sign_out(request):
            response.headers.setdefault("Clear-Site-Data", CLEARED_AT_SIGN_OUT)
        return response


def _is_sign_out(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name == "account_logout" and request.method == "POST"
